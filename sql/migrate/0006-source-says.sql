-- 0006: of most addresses nothing is found that says whose they are.

-- A question on one domain looks up thousands of addresses among millions;
-- those that say nothing need not be read.  alike() asks in these words.
CREATE INDEX source_says ON dmarc.source (ip)
 WHERE sender IS NOT NULL OR ptr_status = 'confirmed' OR asn IS NOT NULL;
