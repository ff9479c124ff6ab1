"""What BI tools are given beside the release itself."""
