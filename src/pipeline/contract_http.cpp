#include "pipeline/contract_http.h"

#include "base/error.h"
#include "engine/endpoint.h"
#include "engine/http.h"
#include "pipeline/container_tool.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace fresh::pipeline {
namespace {

using nlohmann::json;

constexpr std::size_t longest_shown = 120;
constexpr const char* python_program =
    "import sys, urllib.error, urllib.request\n"
    "try:\n"
    "    answer = urllib.request.urlopen(sys.argv[1], timeout=10)\n"
    "except urllib.error.HTTPError as error:\n"
    "    answer = error\n"
    "except Exception as error:\n"
    "    raise SystemExit(f'{type(error).__name__}: {error}')\n"
    "sys.stdout.write(f'{answer.getcode()}\\n')\n"
    "sys.stdout.flush()\n"
    "sys.stdout.buffer.write(answer.read(1 << 20))\n";

/// `status\nbody`, as the programs in the container print it.
HttpAnswer parsed(const engine::ExecResult& result) {
  if (result.exit_code != 0) {
    const auto words = said(result);
    return {.error = words.empty() ? fmt::format("no answer (code {})", result.exit_code) : words};
  }
  const auto end = std::min(result.out.find('\n'), result.out.size());
  return {.status = std::atoi(result.out.substr(0, end).c_str()),
          .body = result.out.substr(std::min(end + 1, result.out.size()))};
}

HttpAnswer ask_from_here(const std::string& url, const engine::Call& call) {
  const auto authority = url.find("://") + 3;
  const auto slash = std::min(url.find('/', authority), url.size());
  engine::HttpClient http(engine::parse_endpoint(url.substr(0, slash)), "service");
  engine::Request request{.method = "GET", .target = slash == url.size() ? "/" : url.substr(slash)};
  request.ends_with_connection = true;
  request.may_retry = false;
  try {
    auto answer = http.perform(request, call);
    return {.status = answer.status, .body = std::move(answer.body)};
  } catch (const engine::EngineError& error) {
    return {.error = error.message()};
  }
}

HttpAnswer ask_inside(const HttpContract& contract, const engine::Container& container,
                      engine::Engine& engine, const engine::Call& call) {
  const std::string url = fmt::format("http://127.0.0.1:{}{}", contract.port, contract.path);
  const auto python = run_tool(engine, container.name, {"python3", "-c", python_program, url}, call);
  if (python) {
    return parsed(*python);
  }
  const auto curl = run_tool(engine, container.name,
                             {"curl", "-sS", "-m", "10", "-o", "-", "-w", "\n%{http_code}", url}, call);
  if (!curl) {
    return {.error = fmt::format(
                "the image has neither python3 nor curl to ask port {} with, and the service does not "
                "publish it",
                contract.port)};
  }
  engine::ExecResult turned = *curl;
  const auto last = curl->out.rfind('\n');
  if (curl->exit_code == 0 && last != std::string::npos) {
    turned.out = curl->out.substr(last + 1) + "\n" + curl->out.substr(0, last);
  }
  return parsed(turned);
}

/// Where this machine reaches a published port.
std::string host_of(const engine::PortBinding& port) {
  if (port.host_ip.empty() || port.host_ip == "0.0.0.0") {
    return "127.0.0.1";
  }
  if (port.host_ip == "::") {
    return "[::1]";
  }
  return port.host_ip.find(':') == std::string::npos ? port.host_ip : "[" + port.host_ip + "]";
}

std::string shortened(std::string text) {
  if (text.size() > longest_shown) {
    text.resize(longest_shown);
    text += "...";
  }
  return text;
}

}  // namespace

HttpAnswer ask_http(const HttpContract& contract, const engine::Container& container, engine::Engine& engine,
                    const engine::Call& call) {
  if (!contract.url.empty()) {
    return ask_from_here(contract.url, call);
  }
  for (const auto& port : container.ports) {
    if (port.container_port == contract.port && port.protocol == "tcp" && port.host_port.value_or(0) != 0) {
      return ask_from_here(fmt::format("http://{}:{}{}", host_of(port), *port.host_port, contract.path),
                           call);
    }
  }
  return ask_inside(contract, container, engine, call);
}

std::optional<HttpMismatch> judge_http(const HttpContract& contract, const HttpAnswer& answer) {
  const std::string what =
      contract.url.empty() ? fmt::format("port {} path {}", contract.port, contract.path) : contract.url;
  const std::string status = fmt::format("{} answers {}", what, contract.status);
  if (!answer.error.empty()) {
    return HttpMismatch{status, answer.error};
  }
  if (answer.status != contract.status) {
    return HttpMismatch{status, fmt::format("{}: {}", answer.status, shortened(answer.body))};
  }
  if (contract.pointer.empty()) {
    return std::nullopt;
  }
  const std::string wanted =
      fmt::format("{} has '{}'{}", what, contract.pointer,
                  contract.equals ? fmt::format(" equal to '{}'", *contract.equals) : "");
  const json body = json::parse(answer.body, nullptr, false);
  if (body.is_discarded()) {
    return HttpMismatch{wanted, "no JSON: " + shortened(answer.body)};
  }
  try {
    const json::json_pointer pointer(contract.pointer);
    if (!body.contains(pointer)) {
      return HttpMismatch{wanted, "nothing there"};
    }
    const json& value = body.at(pointer);
    const std::string found = value.is_string() ? value.get<std::string>() : value.dump();
    if (contract.equals && found != *contract.equals) {
      return HttpMismatch{wanted, fmt::format("'{}'", shortened(found))};
    }
  } catch (const json::exception&) {
    return HttpMismatch{wanted, "nothing there"};
  }
  return std::nullopt;
}

}  // namespace fresh::pipeline
