-- analyze-new: before the first question, statistics for what has none.
SELECT dmarc.analyze_new();
