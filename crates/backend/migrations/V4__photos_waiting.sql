-- How many photos of a controle have not arrived is asked for every row of the desk's list.
CREATE INDEX photo_links_by_stream ON photo_links (stream, sha256);
