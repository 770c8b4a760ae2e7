"""Joint supervision (媒体联合督办): hotline, media and inspection office look after one ticket together."""
