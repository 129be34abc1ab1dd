def make(out):
    return {}
