"""What people do on cases beside answering a task: ask, answer, remark, claim, hand over, block, cancel."""
