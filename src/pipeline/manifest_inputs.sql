SELECT   path, id, sources, compression, problem, t_first, t_last, size, plain_size,
         read, accepted, rejected, duplicate, conflict, folded, not_event, text
FROM     file
ORDER BY path, id
