#include "engine/answer_sink.h"
#include "engine/http_address.h"
#include "engine/transport.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <exception>
#include <mutex>
#include <utility>
#include <vector>

namespace fresh::engine {
namespace {

using base::ExitCode;

void initialise_once() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    throw base::Error(ExitCode::bug, fmt::format("libcurl cannot start: {}", curl_easy_strerror(code)));
  }
}

/// What curl's callbacks fill.
struct Exchange {
  AnswerSink sink;
  std::exception_ptr thrown = nullptr;
};

/// Exceptions must not pass through C frames: kept, the transfer ended, rethrown outside.
template <typename Action>
bool guarded(Exchange& exchange, Action&& action) {
  try {
    action();
    return true;
  } catch (...) {
    exchange.thrown = std::current_exception();
    return false;
  }
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  std::string_view line(bytes, size * count);
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  return guarded(exchange, [&] { exchange.sink.header_line(line); }) ? size * count : 0;
}

std::size_t on_write(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  return guarded(exchange, [&] { exchange.sink.body({bytes, size * count}); }) ? size * count : 0;
}

/// What has to live as long as the transfer: curl keeps pointers into it.
struct Prepared {
  Address address;
  CurlList headers;
};

void prepare_body(CURL* easy, const Request& request, CurlList& headers) {
  if (!request.body_file.empty()) {
    throw base::Error(ExitCode::bug, "files are sent over unix sockets alone");
  }
  // On a kept connection that breaks libcurl would send a second time by itself; a new one it does not.
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  headers.add("Content-Type: " + request.content_type);
  headers.add("Expect:");
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
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
    prepare_body(easy, request, prepared.headers);
  }
  for (const auto& [name, value] : request.headers) {
    prepared.headers.add(name + ": " + value);
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, prepared.headers.list);
}

/// Throws unless the answer is there, whole.
void judge(CURLcode code, const Request& request, const Exchange& exchange, const Endpoint& endpoint,
           const std::string& peer, const Call& call) {
  const int status = exchange.sink.answer().status;
  if (exchange.thrown) {
    std::rethrow_exception(exchange.thrown);
  }
  switch (code) {
    case CURLE_OK:
      exchange.sink.require_an_end();
      return;
    case CURLE_ABORTED_BY_CALLBACK:
      throw base::Interrupted(shown_target(request));
    case CURLE_OPERATION_TIMEDOUT:
      out_of_time(peer, request, status, call.deadline);
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
      broke_off(peer, request, status, curl_easy_strerror(code));
  }
}

/// A connection: an easy handle inside a multi handle of its own, so that a stop request can wake it at once.
class Wire {
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

class CurlTransport final : public Transport {
 public:
  CurlTransport(Endpoint endpoint, std::string peer)
      : endpoint_(std::move(endpoint)), peer_(std::move(peer)) {
    initialise_once();
  }

  Answer exchange(const Request& request, const Call& call) override {
    auto wire = take();
    Exchange exchange{.sink = {request, peer_}};
    Prepared prepared;
    prepare(wire->easy(), endpoint_, request, call, exchange, prepared);
    judge(wire->run(call.stop), request, exchange, endpoint_, peer_, call);
    curl_easy_reset(wire->easy());
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(wire));
    return std::move(exchange.sink.answer());
  }

 private:
  std::unique_ptr<Wire> take() {
    const std::scoped_lock lock(mutex_);
    if (idle_.empty()) {
      return std::make_unique<Wire>();
    }
    auto wire = std::move(idle_.back());
    idle_.pop_back();
    return wire;
  }

  Endpoint endpoint_;
  std::string peer_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Wire>> idle_;
};

}  // namespace

std::unique_ptr<Transport> curl_transport(Endpoint endpoint, std::string peer) {
  return std::make_unique<CurlTransport>(std::move(endpoint), std::move(peer));
}

}  // namespace fresh::engine
