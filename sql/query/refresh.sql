-- refresh: do what is due before an answer is given.  No parameters.
SELECT dmarc.refresh();
