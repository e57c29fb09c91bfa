-- Runs are let go by age, and looked up by the request they came with.
create index cell_run_queued_ix on cell_run (queued_at);
create index cell_run_batch_ix on cell_run (workspace_id, notebook_id, batch, run_id);
create index stored_result_run_ix on stored_result (run_id);
