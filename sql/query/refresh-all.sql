-- refresh-all: do all that is due.  No parameters.
SELECT dmarc.refresh();
