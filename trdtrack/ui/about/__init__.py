"""What this program is, where its data lie, and what it is made with: Help, About TRDTrack."""
