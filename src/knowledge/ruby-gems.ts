/**
 * Gems that are pure Ruby, or whose extensions link nothing but what Ruby's slim image has
 * itself: the C and C++ libraries, OpenSSL, zlib, libffi, libyaml, GMP (rubygems.org, the
 * `extensions` of the gems, and their extconf.rb; docker-library/ruby, Dockerfiles). None of
 * them calls a program that the full image alone has.
 */
const selfContained: ReadonlySet<string> = new Set(
  (
    "actioncable actionmailbox actionmailer actionpack actiontext actionview active_model_serializers activejob " +
    "activemodel activerecord activerecord-import activestorage activesupport addressable afm airbrake airbrake-ruby " +
    "anyway_config ast autoprefixer-rails aws-eventstream aws-partitions aws-sdk-core aws-sdk-kms aws-sdk-s3 aws-sdk-ses " +
    "aws-sdk-sns aws-sdk-sqs aws-sigv4 backport barnes base64 bcrypt bcrypt_pbkdf benchmark bigdecimal bindex bootsnap " +
    "bootstrap builder bson bullet bunny byebug cancancan capybara carrierwave cbor chartkick childprocess chronic chunky_png " +
    "climate_control coderay coffee-rails coffee-script coffee-script-source colorator colored2 colorize concurrent-ruby " +
    "connection_pool countries crack crass cri csv cssbundling-rails daemons dalli database_cleaner database_cleaner-active_record " +
    "database_cleaner-core date debug declarative delegate devise devise-jwt did_you_mean diff-lcs digest digest-crc docile " +
    "domain_name doorkeeper dotenv dotenv-rails drb dry-auto_inject dry-configurable dry-container dry-core dry-inflector " +
    "dry-initializer dry-logic dry-monads dry-schema dry-struct dry-types dry-validation ed25519 elasticsearch " +
    "elasticsearch-api elasticsearch-transport em-websocket enumerable-statistics erb erubi erubis et-orbi eventmachine " +
    "excon execjs factory_bot factory_bot_rails faker faraday faraday-em_http faraday-em_synchrony faraday-excon " +
    "faraday-follow_redirects faraday-httpclient faraday-multipart faraday-net_http faraday-net_http_persistent " +
    "faraday-patron faraday-rack faraday-retry faraday_middleware fast_blank ffi ffi-compiler fiber-annotation " +
    "fiber-local fiber-storage fileutils flipper flipper-active_record flipper-ui formatador forwardable forwardable-extended " +
    "friendly_id fugit geocoder get_process_mem gli globalid google-apis-core googleauth google-cloud-core google-cloud-env " +
    "google-cloud-errors google-cloud-storage google-protobuf grape grape-entity graphql haml hamlit has_scope hashdiff " +
    "hashery hashie hiredis hiredis-client honeybadger http http-2 http-accept http-cookie http-form_data http_parser.rb " +
    "httparty httpclient httpi i18n i18n-js ice_nine importmap-rails inherited_resources interactor io-console io-event " +
    "irb jaro_winkler jbuilder jekyll jekyll-feed jekyll-paginate jekyll-redirect-from jekyll-relative-links " +
    "jekyll-sass-converter jekyll-seo-tag jekyll-sitemap jekyll-theme-minimal jekyll-watch jmespath jquery-rails " +
    "jquery-ui-rails jsbundling-rails json json-jwt json-schema jsonapi-serializer jwt kaminari kaminari-actionview " +
    "kaminari-activerecord kaminari-core kgio kramdown kramdown-parser-gfm language_server-protocol launchy letter_opener " +
    "lint_roller liquid listen llhttp-ffi lograge logger loofah lumberjack mail marcel maxmind-db memoist mercenary " +
    "metaclass method_source mime-types mime-types-data mini_mime mini_portile2 minima minitest mocha mongo mongoid " +
    "monetize money money-rails msgpack multi_json multi_xml multipart-post mustache mustermann mustermann-grape nap " +
    "net-http net-http-persistent net-imap net-ldap net-pop net-protocol net-scp net-sftp net-smtp net-ssh netrc " +
    "newrelic_rpm nio4r nokogiri oauth oauth2 observer oj omniauth omniauth-facebook omniauth-github omniauth-google-oauth2 " +
    "omniauth-oauth omniauth-oauth2 omniauth-rails_csrf_protection open4 openssl optimist orm_adapter ostruct ox " +
    "paper_trail parallel paranoia parser parslet pastel pathutil pdf-core pdf-reader pkg-config prawn prawn-table pp " +
    "prettyprint prism prometheus-client pry pry-byebug pry-rails psych public_suffix puma pundit racc rack rack-accept " +
    "rack-attack rack-contrib rack-cors rack-mini-profiler rack-oauth2 rack-protection rack-proxy rack-session rack-test " +
    "rack-timeout rackup rails rails-controller-testing rails-dom-testing rails-html-sanitizer rails-i18n rails_12factor " +
    "rails_autolink rails_semantic_logger rails_serve_static_assets rails_stdout_logging railties rainbow raindrops rake " +
    "ransack raabro rb-fsevent rb-inotify rbs rdiscount rdoc recaptcha redcarpet redis redis-actionpack redis-activesupport " +
    "redis-client redis-namespace redis-rack redis-rails redis-store regexp_parser reline representable request_store " +
    "responders resque-scheduler rest-client retriable rexml rollbar roo rotp rouge rqrcode rqrcode_core rspec " +
    "rspec-core rspec-expectations rspec-mocks rspec-rails rspec-support rspec_junit_formatter rubocop rubocop-ast " +
    "rubocop-performance rubocop-rails rubocop-rspec ruby-macho ruby-next-core ruby-progressbar ruby-rc4 ruby2_keywords " +
    "ruby_parser rubyzip rufus-scheduler safe_yaml sanitize sass sass-embedded sass-listen sass-rails sassc sassc-rails " +
    "sawyer securerandom selenium-webdriver semantic_logger semantic_range sentry-rails sentry-raven sentry-ruby " +
    "sentry-ruby-core sentry-sidekiq sequel set sexp_processor shoulda-matchers sidekiq sidekiq-cron sidekiq-scheduler " +
    "signet simple_form simplecov simplecov-html simplecov_json_formatter simpleidn sinatra sinatra-contrib singleton " +
    "slack-notifier slim slim-rails slop sorbet-runtime spring spring-watcher-listen sprockets sprockets-rails standard " +
    "statsd-ruby stimulus-rails stringio stripe strscan swd temple terminal-table test-unit text-table thin thor thread_safe " +
    "tilt time timecop timeout tomlrb trailblazer-option trilogy ttfunk tty-color tty-cursor tty-prompt tty-reader " +
    "tty-screen turbo-rails turbolinks turbolinks-source twilio-ruby tzinfo tzinfo-data uber uglifier unf unf_ext unicode " +
    "unicode-display_width unicode-emoji unicorn uri useragent validate_url vcr version_gem view_component wannabe_bool " +
    "warden web-console webdrivers webmock webpacker webrick websocket websocket-driver websocket-extensions will_paginate " +
    "wisper xpath yajl-ruby yard zeitwerk"
  ).split(" "),
);

/**
 * Debian's packages with what a gem loads, calls or reads besides, under the same name from
 * Debian 11 to 13 (packages.debian.org; the README of each gem).
 */
const needs: ReadonlyMap<string, readonly string[]> = new Map([
  ["mini_magick", ["imagemagick"]],
  ["mysql2", ["libmariadb3"]],
  ["pg", ["libpq5"]],
  ["resque", ["procps"]],
  ["sqlite3", ["libsqlite3-0"]],
  ["tiny_tds", ["libsybdb5"]],
]);

/** @returns packages for the final stage; undefined for a gem that isn't known */
export function gemNeeds(name: string): readonly string[] | undefined {
  return needs.get(name) ?? (selfContained.has(name) ? [] : undefined);
}

/** Gems by the programs that they install (their `executables`). */
const programs: Readonly<Record<string, readonly string[] | undefined>> = {
  jekyll: ["jekyll"],
  puma: ["puma"],
  rackup: ["rackup", "rack"],
  rails: ["railties"],
  rake: ["rake"],
  resque: ["resque"],
  "resque-scheduler": ["resque-scheduler"],
  sidekiq: ["sidekiq"],
  thin: ["thin"],
  unicorn: ["unicorn"],
};

/** Whether one of the gems, or Ruby itself, brings a program (docker-library/ruby). */
export function isRubyProgram(program: string, gems: readonly string[]): boolean {
  return (
    /^(ruby|bundle|gem|irb|erb)$/.test(program) ||
    (programs[program] ?? []).some((name) => gems.includes(name))
  );
}
