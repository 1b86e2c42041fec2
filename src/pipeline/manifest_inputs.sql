SELECT   path, id, sources, compression, problem, t_first, t_last, size, plain_size,
         read, accepted, rejected, duplicate, conflict, folded, not_event, text,
         -- as appendix E numbers them: in the order of their digests
         row_number() OVER (ORDER BY id) AS number
FROM     file
ORDER BY path, id
