SELECT   m.address, m.type, m.cloud_id, m.arn, m.status, m.serial, m.lineage, m.environment, m.file, m.record
FROM     managed m
WHERE    (:environments IS NULL OR instr(:environments, ' ' || m.environment || ' ') > 0)
AND      (:address IS NULL OR glob_nocase(:address, m.address) OR glob_nocase(:address, m.cloud_id) OR glob_nocase(:address, m.arn))
ORDER BY m.file, m.record, m.address, m.cloud_id
