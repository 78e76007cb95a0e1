"""Files of every bad shape, and what reading them costs at size n and 2n."""
