/**
 * Python distributions that are pure Python, or whose wheels for Linux have all libraries in
 * them that they link (pypi.org, the files of current releases; PEP 600). What they require in
 * turn is of the same kind. None of them calls a program that the full image alone has.
 */
const selfContained: ReadonlySet<string> = new Set(
  (
    "aiofiles aiohttp aiosqlite alembic amqp aniso8601 annotated-types anthropic anyio apscheduler argon2-cffi " +
    "arrow asgiref async-timeout asyncpg attrs authlib azure-core azure-identity azure-storage-blob babel bcrypt " +
    "beautifulsoup4 billiard bleach blinker boto3 botocore bottle brotli bs4 cachetools celery certifi cffi chardet " +
    "charset-normalizer cheroot cherrypy click colorama configparser connexion contourpy coverage croniter " +
    "cryptography cycler dataclasses-json dateparser decorator defusedxml deprecated discord-py dj-database-url " +
    "django django-cors-headers django-environ django-extensions django-filter django-redis djangorestframework " +
    "djangorestframework-simplejwt dnspython docopt docutils drf-yasg email-validator et-xmlfile eventlet " +
    "exceptiongroup falcon fastapi feedparser filelock flask flask-caching flask-cors flask-login flask-migrate " +
    "flask-restful flask-sqlalchemy flask-wtf fonttools frozenlist fsspec future gevent google-api-core " +
    "google-api-python-client google-auth google-cloud-storage graphene greenlet grpcio grpcio-tools gunicorn h11 " +
    "html5lib httpcore httplib2 httptools httpx hypercorn hyperframe idna importlib-metadata influxdb-client iniconfig " +
    "isodate itsdangerous jinja2 jmespath joblib jsonpatch jsonpath-ng jsonpointer jsonschema kiwisolver kombu " +
    "kubernetes limits loguru lxml mako markdown markdown-it-py markupsafe marshmallow matplotlib mongoengine motor " +
    "msgpack multidict mypy-extensions networkx nltk numpy oauthlib openai openpyxl orjson packaging pandas paramiko " +
    "passlib patsy peewee pendulum pillow pip platformdirs plotly pluggy prettytable prometheus-client protobuf " +
    "psutil psycopg2-binary py-cpuinfo pyarrow pyasn1 pycparser pycryptodome pydantic pydantic-core pydantic-settings " +
    "pygments pyjwt pymongo pymysql pynacl pyopenssl pyparsing pyrsistent python-dateutil python-decouple " +
    "python-dotenv python-jose python-json-logger python-multipart python-slugify python-telegram-bot pytz pyyaml " +
    "pyzmq quart rapidfuzz redis regex requests requests-oauthlib rich rq rsa ruamel-yaml s3transfer sanic " +
    "scikit-learn scipy seaborn sentry-sdk setuptools simplejson six slack-sdk sniffio sortedcontainers soupsieve " +
    "sqlalchemy sqlmodel sqlparse starlette statsmodels stripe structlog tabulate tenacity termcolor threadpoolctl " +
    "tomli toml tornado tqdm tweepy twisted typer typing-extensions tzdata tzlocal ujson unidecode uritemplate urllib3 " +
    "uvicorn uvloop vine waitress watchfiles websocket-client websockets werkzeug wheel whitenoise wrapt wtforms xlrd " +
    "xlsxwriter xmltodict yarl zipp zope-interface"
  ).split(" "),
);

/**
 * Debian's packages with the libraries that a distribution links when pip compiles it, the same
 * from Debian 10 to 13 (packages.debian.org; installation pages of psycopg and mysqlclient).
 */
const linked: ReadonlyMap<string, readonly string[]> = new Map([
  ["mysqlclient", ["libmariadb3"]],
  ["psycopg2", ["libpq5"]],
]);

/** @returns packages for the final stage; undefined for a distribution that isn't known */
export function pythonNeeds(name: string): readonly string[] | undefined {
  const key = name.toLowerCase().replace(/[-_.]+/g, "-");
  return selfContained.has(key) ? [] : linked.get(key);
}

/**
 * Distributions that call a compiler when they run, or come with one that does (their
 * documentation: pages on installation and on just-in-time compilation).
 */
const compiling =
  /^(bitsandbytes|cppimport|cppyy|cmdstanpy|cython|deepspeed|devito|flashinfer.*|jupyter.*|notebook|nuitka|numexpr-jit|onnxruntime-training|openai-whisper|prophet|pycuda|pymc\d*|pyopencl|pystan|pytensor|pythran|sglang|taichi|theano|torch|torch-.*|torchvision|torchaudio|transformers|triton|unsloth|vllm|xformers)$/;

export function compilesAtRunTime(name: string): boolean {
  return compiling.test(name.toLowerCase().replace(/[-_.]+/g, "-"));
}

/** Programs that come with a distribution of PyPI, and with no package of a system. */
const programs =
  /^(alembic|celery|daphne|django-admin|fastapi|flask|gunicorn|hypercorn|rq|sanic|streamlit|uvicorn|waitress-serve)$/;

export function isProgramOfPyPi(program: string): boolean {
  return programs.test(program);
}

/** Libraries by the name that a linker knows, in packages that Python's slim images have. */
export const librariesInSlim: ReadonlySet<string> = new Set(
  "bz2 c crypto dl expat ffi lzma m ncursesw pthread readline rt sqlite3 ssl stdc++ util uuid z".split(
    " ",
  ),
);

/**
 * Of these, releases before the one named may be compiled by a newer Python, and then link
 * libraries of the full image (pypi.org, files of their releases up to Python 3.13).
 */
const wheelsFrom: ReadonlyMap<string, readonly number[]> = new Map([
  ["lxml", [5, 3]],
  ["pillow", [11, 0]],
  ["psycopg2-binary", [2, 9, 10]],
]);

/** @param version of `name==version`, if there is one */
export function hasWheels(name: string, version: string | undefined): boolean {
  const first = wheelsFrom.get(name.toLowerCase().replace(/[-_.]+/g, "-"));
  if (!first || version === undefined) return true;
  const parts = version.split(".").map(Number);
  for (const [index, number] of first.entries()) {
    const part = parts[index] ?? 0;
    if (part !== number) return part > number;
  }
  return true;
}
