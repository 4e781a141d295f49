"""What the page is drawn with: Vue components in single files, and what Python hands them."""
