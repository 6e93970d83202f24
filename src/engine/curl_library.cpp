// libcurl, loaded when the first request is made: these are the functions that curl_transport.cpp calls, each
// passed on to the library's own. Engines are spoken to without it (socket_transport.cpp); it carries what
// goes over tcp.
#include "base/shared_library.h"

#include <curl/curl.h>

#include <cstdarg>

#undef curl_easy_setopt
#undef curl_multi_setopt

namespace fresh::engine {
namespace {

const base::SharedLibrary& library() {
  static const base::SharedLibrary loaded("libcurl.so.4", "libcurl4");
  return loaded;
}

/// libcurl's own function of that name.
template <typename Function>
Function* real(const char* name) {
  return library().function<Function>(name);
}

}  // namespace
}  // namespace fresh::engine

using fresh::engine::real;

// An option's value is a long, a pointer or a curl_off_t: each one word on the platforms that we build for.
static_assert(sizeof(long) == sizeof(void*) && sizeof(curl_off_t) == sizeof(void*));

extern "C" {

CURLcode curl_easy_setopt(CURL* handle, CURLoption option, ...) {
  va_list values;
  va_start(values, option);  // NOLINT(clang-diagnostic-varargs): libcurl declares it so
  void* const value = va_arg(values, void*);
  va_end(values);
  return real<decltype(curl_easy_setopt)>("curl_easy_setopt")(handle, option, value);
}

CURLMcode curl_multi_setopt(CURLM* multi, CURLMoption option, ...) {
  va_list values;
  va_start(values, option);  // NOLINT(clang-diagnostic-varargs): libcurl declares it so
  void* const value = va_arg(values, void*);
  va_end(values);
  return real<decltype(curl_multi_setopt)>("curl_multi_setopt")(multi, option, value);
}

CURLcode curl_global_init(long flags) {
  return real<decltype(curl_global_init)>("curl_global_init")(flags);
}

CURL* curl_easy_init() {
  return real<decltype(curl_easy_init)>("curl_easy_init")();
}

void curl_easy_reset(CURL* handle) {
  return real<decltype(curl_easy_reset)>("curl_easy_reset")(handle);
}

void curl_easy_cleanup(CURL* handle) {
  return real<decltype(curl_easy_cleanup)>("curl_easy_cleanup")(handle);
}

const char* curl_easy_strerror(CURLcode code) {
  return real<decltype(curl_easy_strerror)>("curl_easy_strerror")(code);
}

curl_slist* curl_slist_append(curl_slist* list, const char* text) {
  return real<decltype(curl_slist_append)>("curl_slist_append")(list, text);
}

void curl_slist_free_all(curl_slist* list) {
  return real<decltype(curl_slist_free_all)>("curl_slist_free_all")(list);
}

CURLM* curl_multi_init() {
  return real<decltype(curl_multi_init)>("curl_multi_init")();
}

CURLMcode curl_multi_add_handle(CURLM* multi, CURL* easy) {
  return real<decltype(curl_multi_add_handle)>("curl_multi_add_handle")(multi, easy);
}

CURLMcode curl_multi_remove_handle(CURLM* multi, CURL* easy) {
  return real<decltype(curl_multi_remove_handle)>("curl_multi_remove_handle")(multi, easy);
}

CURLMcode curl_multi_perform(CURLM* multi, int* running) {
  return real<decltype(curl_multi_perform)>("curl_multi_perform")(multi, running);
}

CURLMsg* curl_multi_info_read(CURLM* multi, int* left) {
  return real<decltype(curl_multi_info_read)>("curl_multi_info_read")(multi, left);
}

CURLMcode curl_multi_poll(CURLM* multi, curl_waitfd* extra, unsigned int count, int timeout, int* ready) {
  return real<decltype(curl_multi_poll)>("curl_multi_poll")(multi, extra, count, timeout, ready);
}

CURLMcode curl_multi_wakeup(CURLM* multi) {
  return real<decltype(curl_multi_wakeup)>("curl_multi_wakeup")(multi);
}

CURLMcode curl_multi_cleanup(CURLM* multi) {
  return real<decltype(curl_multi_cleanup)>("curl_multi_cleanup")(multi);
}

}  // extern "C"
