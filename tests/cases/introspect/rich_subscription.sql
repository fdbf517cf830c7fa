-- Belongs to the cluster: not copied with a database.
create subscription incoming connection 'host=nowhere password=hidden' publication far
  with (connect = false, enabled = false, slot_name = none);
