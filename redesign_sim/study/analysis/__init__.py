"""What a study's runs say."""
