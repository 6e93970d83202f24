#include "engine/fault.h"

#include "base/lines.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace fresh::engine {
namespace {

struct Cause {
  std::string_view words;
  Fault fault;
};

/// In this order: the narrower words first.
constexpr std::array causes{
    Cause{"no space left on device", Fault::no_space},
    Cause{"disk quota exceeded", Fault::no_space},
    Cause{"address already in use", Fault::port_taken},
    Cause{"port is already allocated", Fault::port_taken},
    Cause{"ports are not available", Fault::port_taken},
    Cause{"unauthorized", Fault::unauthorized},
    Cause{"authentication required", Fault::unauthorized},
    Cause{"invalid username/password", Fault::unauthorized},
    Cause{"no basic auth credentials", Fault::unauthorized},
    Cause{"requested access to the resource is denied", Fault::unauthorized},
    Cause{"name is already in use", Fault::conflict},
    Cause{"already in use by container", Fault::conflict},
    Cause{"name in use", Fault::conflict},
    Cause{"is being used", Fault::conflict},
    Cause{"image is in use", Fault::conflict},
    Cause{"image used by", Fault::conflict},
    Cause{"volume is in use", Fault::conflict},
    Cause{"already exists", Fault::conflict},
    Cause{"already connected", Fault::conflict},
    Cause{"has active endpoints", Fault::conflict},
    Cause{"container state improper", Fault::conflict},
    Cause{"is not running", Fault::conflict},
    Cause{"can only kill running containers", Fault::conflict},
    Cause{"no such image", Fault::not_found},
    Cause{"image not known", Fault::not_found},
    Cause{"no such container", Fault::not_found},
    Cause{"no such network", Fault::not_found},
    Cause{"network not found", Fault::not_found},
    Cause{"no such volume", Fault::not_found},
    Cause{"manifest unknown", Fault::not_found},
    Cause{"no matching manifest", Fault::not_found},
    Cause{"repository does not exist", Fault::not_found},
};

/// The port of `listen tcp4 127.0.0.1:8080: bind: address already in use` or `Bind for 0.0.0.0:8080 failed`.
std::string port_in(std::string_view text) {
  for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
    auto end = colon + 1;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) {
      ++end;
    }
    const bool ends_well = end == text.size() || text[end] == ':' || text[end] == ' ' || text[end] == '\n';
    if (end > colon + 1 && colon > 0 && ends_well &&
        (std::isdigit(static_cast<unsigned char>(text[colon - 1])) != 0 || text[colon - 1] == ']' ||
         text[colon - 1] == ':')) {
      return std::string(text.substr(colon + 1, end - colon - 1));
    }
  }
  return {};
}

std::string first_line_without_tags(std::string_view body) {
  std::string result;
  bool tag = false;
  for (const char letter : body) {
    if (letter == '<') {
      tag = true;
    } else if (letter == '>') {
      tag = false;
    } else if (!tag && (letter == '\n' || letter == '\r')) {
      if (!result.empty()) {
        break;
      }
    } else if (!tag && static_cast<unsigned char>(letter) >= 0x20) {
      result += letter;
    }
    if (result.size() >= 300) {
      break;
    }
  }
  return result;
}

}  // namespace

Fault classify(int status, std::string_view text) {
  const auto words = base::lower(text);
  for (const auto& cause : causes) {
    if (words.find(cause.words) != std::string::npos) {
      return cause.fault;
    }
  }
  switch (status) {
    case 400:
      return Fault::bad_request;
    case 401:
      return Fault::unauthorized;
    case 404:
      return Fault::not_found;
    case 409:
      return Fault::conflict;
    default:
      return Fault::failed;
  }
}

std::string hint_for(Fault fault, std::string_view text) {
  const auto words = base::lower(text);
  switch (fault) {
    case Fault::port_taken: {
      const auto port = port_in(text);
      return port.empty()
                 ? "free the port, or publish another one"
                 : fmt::format(
                       "port {0} is taken: see who has it with 'ss -ltnp sport = :{0}', stop that, or "
                       "publish another port",
                       port);
    }
    case Fault::no_space:
      return "free space on the engine's disk: remove unused images, or move its storage";
    case Fault::unauthorized:
      return "check the user name and password for this registry";
    case Fault::conflict:
      if (words.find("in use") != std::string::npos && words.find("name") != std::string::npos) {
        return "remove or rename the one that has this name";
      }
      return {};
    case Fault::failed:
      if (words.find("rlimit") != std::string::npos) {
        return "the engine may not raise resource limits: give smaller ulimits, or set default_ulimits in "
               "containers.conf to what 'ulimit -Hn' and 'ulimit -Hu' say";
      }
      if (words.find("/dev/net/tun") != std::string::npos) {
        return "let users open it: sudo chmod 0666 /dev/net/tun";
      }
      if (words.find("permission denied") != std::string::npos && words.find("port") != std::string::npos) {
        return "an engine without root cannot publish ports below 1024: publish a higher one";
      }
      if (words.find("connection refused") != std::string::npos ||
          words.find("no such host") != std::string::npos) {
        return "check the name of the registry and the network of the engine's machine";
      }
      return {};
    default:
      return {};
  }
}

std::string error_text(std::string_view body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (json.is_object()) {
    for (const char* key : {"message", "error", "cause"}) {
      if (const auto found = json.find(key); found != json.end() && found->is_string()) {
        auto text = found->get<std::string>();
        while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
          text.pop_back();
        }
        return text;
      }
    }
  }
  return first_line_without_tags(body);
}

int number_after(std::string_view text, std::string_view word) {
  const auto found = text.rfind(word);
  if (found == std::string_view::npos) {
    return -1;
  }
  auto position = text.find_first_not_of(" :", found + word.size());
  int number = -1;
  while (position < text.size() && std::isdigit(static_cast<unsigned char>(text[position])) != 0 &&
         number < 100'000) {
    number = std::max(number, 0) * 10 + (text[position++] - '0');
  }
  return number;
}

EngineError refusal(int status, std::string_view what, std::string_view text) {
  const auto fault = classify(status, text);
  auto message = text.empty() ? fmt::format("{} failed, the engine gives no reason (HTTP {})", what, status)
                              : fmt::format("{} failed: {}", what, text);
  return {base::ExitCode::deploy, fault, status, std::move(message), hint_for(fault, text)};
}

}  // namespace fresh::engine
