"""E-mail, out only: digests for officers, scheduled reports. The worked example of docs/add-a-channel.md."""
