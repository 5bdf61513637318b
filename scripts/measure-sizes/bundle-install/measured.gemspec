Gem::Specification.new do |gem|
  gem.name = "measured"
  gem.version = "1.0.0"
  gem.summary = "Ballast of a known size"
  gem.authors = ["dockerslim"]
  gem.license = "MIT"
  gem.files = ["lib/measured.rb", "lib/ballast"]
end
