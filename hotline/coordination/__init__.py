"""What two tracks ask for beside dispatch (rulebook B3): a coordinator and meetings; leaders told first."""
