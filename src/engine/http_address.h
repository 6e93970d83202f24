#pragma once

#include "engine/endpoint.h"
#include "engine/unreachable.h"

#include <curl/curl.h>

#include <string>

namespace fresh::engine {

/// A list of curl's, freed at the end of scope.
struct CurlList {
  curl_slist* list = nullptr;
  CurlList() = default;
  CurlList(const CurlList&) = delete;
  CurlList& operator=(const CurlList&) = delete;
  ~CurlList() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

/// Where a transfer goes; must live as long as the transfer, curl keeps pointers into it.
class Address {
 public:
  /// Sets the URL and the certificates; no other protocol than the endpoint's is allowed.
  void apply(CURL* easy, const Endpoint& endpoint, const std::string& target);

 private:
  void apply_tls(CURL* easy, const Endpoint& endpoint);

  std::string url_;
  CurlList connect_to_;
};

/// Whether the transfer failed because a certificate did not verify.
bool is_mistrust(CURLcode code);

/// Why no connection came about, and what helps; `code` is what curl said.
Unreachable explain_no_connection(const Endpoint& endpoint, CURLcode code);

}  // namespace fresh::engine
