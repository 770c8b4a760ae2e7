"""What citizens ask the hotline to decide (市民申请): to withdraw, to take up again, to look once more."""
