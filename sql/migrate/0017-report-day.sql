-- 0017: the newest day that is reported on, without asking each domain for it.

CREATE INDEX report_day ON dmarc.report (day) WHERE tier <> 'C';
