-- enrich-steady: which addresses send unauthenticated mail day after day.
SELECT dmarc.learn_steady();
