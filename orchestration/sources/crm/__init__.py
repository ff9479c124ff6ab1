"""`from: <vendor>`: the objects of a CRM, by the mapping file in the vendor's folder."""
