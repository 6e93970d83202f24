#include "engine/http.h"

#include "base/clock.h"
#include "base/lines.h"
#include "engine/http_address.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace fresh::engine {
namespace {

using base::ExitCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// More than the largest honest answer (a list of thousands of containers), less than what hurts.
constexpr std::size_t body_limit = 64UL * 1024 * 1024;
constexpr std::array<milliseconds, 4> retry_pauses{milliseconds(50), milliseconds(150), milliseconds(400),
                                                   milliseconds(800)};

void initialise_once() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    throw base::Error(ExitCode::bug, fmt::format("libcurl cannot start: {}", curl_easy_strerror(code)));
  }
}

struct File {
  std::FILE* handle = nullptr;
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (handle != nullptr) {
      std::fclose(handle);
    }
  }
};

/// One exchange: what curl's callbacks fill.
struct Exchange {
  const Request& request;
  Answer answer;
  bool accepted = false;
  bool too_large = false;
  std::exception_ptr thrown;
  std::FILE* upload = nullptr;

  void header_line(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) {
      line.remove_suffix(1);
    }
    if (line.starts_with("HTTP/")) {
      answer.headers.clear();
      const auto space = line.find(' ');
      answer.status =
          space == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(space)).c_str());
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      const std::string name = base::lower(line.substr(0, colon));
      auto value = line.substr(colon + 1);
      value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
      answer.headers[name] = value;
    } else if (line.empty() && answer.succeeded() && !std::exchange(accepted, true) && request.on_accepted) {
      request.on_accepted();
    }
  }

  bool body(std::string_view bytes) {
    if (request.on_body && answer.succeeded()) {
      request.on_body(bytes);
      return true;
    }
    if (answer.body.size() + bytes.size() > body_limit) {
      too_large = true;
      return false;
    }
    answer.body += bytes;
    return true;
  }
};

/// Exceptions must not pass through C frames: kept, the transfer ended, rethrown outside.
template <typename Action>
bool guarded(Exchange& exchange, Action&& action) {
  try {
    return action();
  } catch (...) {
    exchange.thrown = std::current_exception();
    return false;
  }
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const bool fine = guarded(exchange, [&] {
    exchange.header_line({bytes, size * count});
    return true;
  });
  return fine ? size * count : 0;
}

std::size_t on_write(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  return guarded(exchange, [&] { return exchange.body({bytes, size * count}); }) ? size * count : 0;
}

std::size_t on_read(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const auto got = std::fread(bytes, 1, size * count, exchange.upload);
  return got == 0 && std::ferror(exchange.upload) != 0 ? CURL_READFUNC_ABORT : got;
}

std::string shown_target(const Request& request) {
  return fmt::format("{} {}", request.method, request.target.substr(0, request.target.find('?')));
}

bool may_repeat(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

/// What has to live as long as the transfer: curl keeps pointers into it.
struct Prepared {
  Address address;
  CurlList headers;
  File file;
};

void prepare_upload(CURL* easy, const Request& request, Exchange& exchange, Prepared& prepared) {
  // On a kept connection that breaks libcurl would send a second time by itself; a new one it does not.
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  prepared.headers.add("Content-Type: " + request.content_type);
  prepared.headers.add("Expect:");
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  if (request.body_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    return;
  }
  auto*& handle = prepared.file.handle;
  handle = std::fopen(request.body_file.c_str(), "rbe");
  if (handle == nullptr || std::fseek(handle, 0, SEEK_END) != 0) {
    throw base::Error(ExitCode::deploy,
                      fmt::format("cannot read '{}', which is to be sent", request.body_file));
  }
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{std::ftell(handle)});
  std::rewind(handle);
  exchange.upload = handle;
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt(easy, CURLOPT_READDATA, &exchange);
}

void prepare(CURL* easy, const Endpoint& endpoint, const Request& request, const Call& call,
             Exchange& exchange, Prepared& prepared) {
  prepared.address.apply(easy, endpoint, request.target);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, call.deadline.count());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  }
  if (!may_repeat(request)) {
    prepare_upload(easy, request, exchange, prepared);
  }
  for (const auto& [name, value] : request.headers) {
    prepared.headers.add(name + ": " + value);
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, prepared.headers.list);
}

/// Throws unless the answer is there, whole.
void judge(CURLcode code, const Request& request, const Exchange& exchange, const Endpoint& endpoint,
           const std::string& peer, const Call& call) {
  const auto what = shown_target(request);
  if (exchange.thrown) {
    std::rethrow_exception(exchange.thrown);
  }
  if (exchange.too_large) {
    throw EngineError(
        ExitCode::machine, Fault::cut, exchange.answer.status,
        fmt::format("the {}'s answer to {} is larger than {} MiB", peer, what, body_limit >> 20));
  }
  switch (code) {
    case CURLE_OK:
      break;
    case CURLE_ABORTED_BY_CALLBACK:
      throw base::Interrupted(what);
    case CURLE_OPERATION_TIMEDOUT:
      throw EngineError(
          ExitCode::deploy, Fault::timed_out, exchange.answer.status,
          fmt::format("the {} did not finish {} within {}", peer, what, base::shown(call.deadline)),
          fmt::format("look whether the {} hangs or the machine is overloaded", peer));
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST: {
      const auto [reason, hint] = explain_no_connection(endpoint, code);
      throw EngineError(ExitCode::machine, Fault::unreachable, 0,
                        fmt::format("no {} answers at '{}': {}", peer, endpoint.text(), reason), hint);
    }
    default:
      if (is_mistrust(code)) {
        throw EngineError(
            ExitCode::machine, Fault::untrusted, 0,
            fmt::format("the {} at '{}' is not trusted: {}", peer, endpoint.text(), curl_easy_strerror(code)),
            "name the file of the authority that signed its certificate, and the name that it was made for");
      }
      throw EngineError(
          ExitCode::machine, Fault::cut, exchange.answer.status,
          fmt::format("the {}'s answer to {} broke off: {}", peer, what, curl_easy_strerror(code)),
          fmt::format("look whether the {} was stopped or killed", peer));
  }
  // A body that has neither length nor chunks ends wherever the connection ends: nothing says it is whole.
  const auto& seen = exchange.answer.headers;
  const bool framed = seen.contains("content-length") || seen.contains("transfer-encoding") ||
                      exchange.answer.status == 204 || exchange.answer.status == 304 ||
                      request.method == "HEAD";
  if (!framed && !request.ends_with_connection && exchange.answer.succeeded()) {
    throw EngineError(
        ExitCode::machine, Fault::cut, exchange.answer.status,
        fmt::format("the {}'s answer to {} has no end: neither a length nor chunks", peer, what));
  }
}

}  // namespace

/// A connection: an easy handle inside a multi handle of its own, so that a stop request can wake it at once.
class HttpClient::Wire {
 public:
  Wire() : easy_(curl_easy_init()), multi_(curl_multi_init()) {
    if (easy_ == nullptr || multi_ == nullptr) {
      throw base::Error(ExitCode::bug, "libcurl has no handle left");
    }
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 1L);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire() {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }

  CURL* easy() { return easy_; }

  /// Runs the transfer; CURLE_ABORTED_BY_CALLBACK when `stop` was requested.
  CURLcode run(const std::stop_token& stop) {
    curl_multi_add_handle(multi_, easy_);
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
    CURLcode code = CURLE_OK;
    for (bool done = false; !done;) {
      if (stop.stop_requested()) {
        code = CURLE_ABORTED_BY_CALLBACK;
        break;
      }
      int running = 0;
      curl_multi_perform(multi_, &running);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg == CURLMSG_DONE) {
          code = message->data.result;
          done = true;
        }
      }
      if (!done) {
        curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
      }
    }
    curl_multi_remove_handle(multi_, easy_);
    return code;
  }

 private:
  CURL* easy_;
  CURLM* multi_;
};

struct HttpClient::Pool {
  std::mutex mutex;
  std::vector<std::unique_ptr<Wire>> idle;
};

HttpPreload::HttpPreload() {
  loading_.start([](const std::stop_token& /*stop*/) { initialise_once(); });
}

HttpClient::HttpClient(std::string socket_path)
    : HttpClient(Endpoint{.scheme = Scheme::unix_socket, .path = std::move(socket_path)}) {}

HttpClient::HttpClient(Endpoint endpoint, std::string peer)
    : endpoint_(std::move(endpoint)), peer_(std::move(peer)), pool_(std::make_unique<Pool>()) {
  initialise_once();
}

HttpClient::~HttpClient() = default;

std::unique_ptr<HttpClient::Wire> HttpClient::take() {
  const std::scoped_lock lock(pool_->mutex);
  if (pool_->idle.empty()) {
    return std::make_unique<Wire>();
  }
  auto wire = std::move(pool_->idle.back());
  pool_->idle.pop_back();
  return wire;
}

void HttpClient::give_back(std::unique_ptr<Wire> wire) {
  curl_easy_reset(wire->easy());
  const std::scoped_lock lock(pool_->mutex);
  pool_->idle.push_back(std::move(wire));
}

Answer HttpClient::perform(const Request& request, const Call& call) {
  const auto begun = steady_clock::now();
  const base::SystemClock clock;
  for (std::size_t attempt = 0;; ++attempt) {
    const auto gone = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    try {
      return perform_once(request, {call.deadline - gone, call.stop});
    } catch (const EngineError& error) {
      const bool again = request.may_retry && may_repeat(request) && error.fault() == Fault::unreachable &&
                         attempt < retry_pauses.size() && gone + retry_pauses[attempt] < call.deadline;
      // An engine that was restarted is back within a second; nothing was sent yet.
      if (!again || !clock.wait(retry_pauses[attempt], call.stop)) {
        throw;
      }
    }
  }
}

Answer HttpClient::perform_once(const Request& request, const Call& call) {
  if (call.stop.stop_requested()) {
    throw base::Interrupted(shown_target(request));
  }
  if (call.deadline.count() <= 0) {
    throw EngineError(ExitCode::deploy, Fault::timed_out, 0,
                      fmt::format("no time is left for {}", shown_target(request)));
  }
  auto wire = take();
  Exchange exchange{request, {}, false, false, nullptr, nullptr};
  Prepared prepared;
  prepare(wire->easy(), endpoint_, request, call, exchange, prepared);
  judge(wire->run(call.stop), request, exchange, endpoint_, peer_, call);
  give_back(std::move(wire));
  return std::move(exchange.answer);
}

}  // namespace fresh::engine
