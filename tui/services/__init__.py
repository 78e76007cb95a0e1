"""What runs beside the screen: refreshing, watching, repairing, earlier versions, sync."""
