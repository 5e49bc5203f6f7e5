"""Reading the codes on photographed receipts: where photos come from, a bounded process that reads them, what is found."""
