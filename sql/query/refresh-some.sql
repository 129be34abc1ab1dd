-- refresh-some: do what is due, but for what takes long where there are many
-- records: that is done when somebody asks.  No parameters.
SELECT dmarc.refresh(50000);
