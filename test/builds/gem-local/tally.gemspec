Gem::Specification.new do |gem|
  gem.name = "tally"
  gem.version = "1.0.0"
  gem.date = "2024-01-01"
  gem.summary = "Counts words"
  gem.authors = ["Stock room"]
  gem.license = "MIT"
  gem.files = ["bin/tally"]
  gem.executables = ["tally"]
end
