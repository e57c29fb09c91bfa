-- Runs are let go by age.
create index cell_run_queued_ix on cell_run (queued_at);
create index stored_result_run_ix on stored_result (run_id);
