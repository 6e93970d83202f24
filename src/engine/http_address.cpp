#include "engine/http_address.h"

#include <fmt/core.h>

namespace fresh::engine {
namespace {

constexpr int https_port = 443;

/// Empty strings are not given to curl: it would look for a file without a name.
void set_path(CURL* easy, CURLoption option, const std::string& path) {
  if (!path.empty()) {
    curl_easy_setopt(easy, option, path.c_str());
  }
}

}  // namespace

void Address::apply(CURL* easy, const Endpoint& endpoint, const std::string& target) {
  const bool renamed = endpoint.tls && !endpoint.tls->server_name.empty();
  url_ = fmt::format("{}://{}{}{}", endpoint.tls ? "https" : "http",
                     renamed ? endpoint.tls->server_name : endpoint.host,
                     endpoint.port == 0 ? "" : fmt::format(":{}", endpoint.port), target);
  if (endpoint.tls) {
    apply_tls(easy, endpoint);
  }
  curl_easy_setopt(easy, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, endpoint.tls ? "https" : "http");
}

void Address::apply_tls(CURL* easy, const Endpoint& endpoint) {
  const TlsFiles& tls = *endpoint.tls;
  set_path(easy, CURLOPT_CAINFO, tls.ca);
  set_path(easy, CURLOPT_SSLCERT, tls.certificate);
  set_path(easy, CURLOPT_SSLKEY, tls.key);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!tls.verify) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!tls.server_name.empty()) {
    const int port = endpoint.port == 0 ? https_port : endpoint.port;
    connect_to_.add(fmt::format("{}:{}:{}:{}", tls.server_name, port, endpoint.host, port));
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect_to_.list);
  }
}

bool is_mistrust(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_ISSUER_ERROR;
}

Unreachable explain_no_connection(const Endpoint& endpoint, CURLcode code) {
  if (code == CURLE_COULDNT_RESOLVE_HOST) {
    return {fmt::format("the name '{}' is not known", endpoint.host),
            "check the address: " + endpoint.text()};
  }
  return {"nobody listens there", "check the address, and that what listens there runs: " + endpoint.text()};
}

}  // namespace fresh::engine
