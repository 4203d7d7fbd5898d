"""The patient answers on this screen: one question at a time, everything else locked away."""
