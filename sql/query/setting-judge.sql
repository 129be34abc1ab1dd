-- setting-judge: judge everything anew.  No parameters.
SELECT dmarc.judge_again();
