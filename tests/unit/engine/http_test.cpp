#include "engine/http.h"

#include "base/file.h"
#include "support/scripted_server.h"

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace fresh::engine {
namespace {

using std::chrono::milliseconds;
using test::ScriptedServer;

Request request(const std::string& method, const std::string& target) {
  Request result;
  result.method = method;
  result.target = target;
  return result;
}

Fault fault_of(HttpClient& http, const Request& wanted, const Call& call = {}) {
  try {
    http.perform(wanted, call);
  } catch (const EngineError& error) {
    return error.fault();
  }
  throw std::runtime_error("no EngineError was thrown");
}

TEST(Http, CutOrSenselessAnswersAreNoAnswers) {
  const std::pair<const char*, test::Reply> cases[] = {
      {"a chunked body without its end", test::cut({"abc"})},
      {"fewer bytes than announced", test::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")},
      {"neither length nor chunks", test::until_close({"{}"})},
      {"nothing", test::raw("")},
      {"garbage", test::raw("\x01\x02 what is this\r\n\r\n")},
      {"half a header", test::raw("HTTP/1.1 200 OK\r\nContent-Le")},
      {"a length beyond all", test::raw("HTTP/1.1 200 OK\r\nContent-Length: 100000000000000\r\n\r\nabc")},
      {"endless headers", test::raw("HTTP/1.1 200 OK\r\n" + std::string(20'000'000, 'h'))},
  };
  for (const auto& [name, reply] : cases) {
    ScriptedServer server;
    server.on("GET", "/x", reply);
    HttpClient http(server.socket());
    EXPECT_EQ(fault_of(http, request("GET", "/x")), Fault::cut) << name;
  }
}

TEST(Http, BodyOfOrdinaryAnswersIsBounded) {
  ScriptedServer server;
  server.on("GET", "/x", test::chunked(std::vector<std::string>(65, std::string(1 << 20, 'x'))));
  HttpClient http(server.socket());
  EXPECT_EQ(fault_of(http, request("GET", "/x")), Fault::cut);
}

TEST(Http, DeadlineEndsSilence) {
  ScriptedServer server;
  server.on("GET", "/x", test::silence());
  server.on("GET", "/y", test::header_then_silence());
  HttpClient http(server.socket());
  EXPECT_EQ(fault_of(http, request("GET", "/x"), {milliseconds(50), {}}), Fault::timed_out);
  EXPECT_EQ(fault_of(http, request("GET", "/y"), {milliseconds(50), {}}), Fault::timed_out);
  EXPECT_EQ(fault_of(http, request("GET", "/y"), {milliseconds(0), {}}), Fault::timed_out);
}

TEST(Http, StopEndsSilence) {
  ScriptedServer server;
  std::stop_source stop;
  server.on("GET", "/x", [&](const test::SeenRequest&, const test::ServerConnection& connection) {
    stop.request_stop();
    connection.await_leave();
    return false;
  });
  HttpClient http(server.socket());
  EXPECT_THROW(http.perform(request("GET", "/x"), {std::chrono::minutes(1), stop.get_token()}),
               base::Interrupted);
  EXPECT_THROW(http.perform(request("GET", "/x"), {std::chrono::minutes(1), stop.get_token()}),
               base::Interrupted);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Http, BytesComeWhileTheAnswerGoesOn) {
  ScriptedServer server;
  std::stop_source seen;
  server.on("GET", "/x", [&](const test::SeenRequest&, const test::ServerConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
    while (!seen.stop_requested()) {
      std::this_thread::yield();
    }
    return connection.write("1\r\nb\r\n0\r\n\r\n");
  });
  HttpClient http(server.socket());
  auto wanted = request("GET", "/x");
  std::string body;
  wanted.on_body = [&](std::string_view bytes) {
    body += bytes;
    seen.request_stop();
  };
  http.perform(wanted, {});
  EXPECT_EQ(body, "ab");
}

TEST(Http, WhatACallbackThrowsComesOut) {
  ScriptedServer server;
  server.on("GET", "/x", test::chunked({"a"}));
  HttpClient http(server.socket());
  auto wanted = request("GET", "/x");
  wanted.on_body = [](std::string_view) { throw std::out_of_range("mine"); };
  EXPECT_THROW(http.perform(wanted, {}), std::out_of_range);
}

TEST(Http, ErrorBodiesDoNotReachTheSink) {
  ScriptedServer server;
  server.on("GET", "/x", test::answer(500, "<html>no</html>"));
  HttpClient http(server.socket());
  auto wanted = request("GET", "/x");
  wanted.on_body = [](std::string_view) { FAIL() << "an error page was taken for data"; };
  const auto answer = http.perform(wanted, {});
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "<html>no</html>");
}

TEST(Http, OnlyGetIsSentASecondTime) {
  ScriptedServer server;
  // The server ends a kept connection after its first answer: an act that was cut is not repeated.
  server.on("GET", "/warm", test::answer(200, "ok"));
  server.on("POST", "/act", test::raw(""));
  HttpClient http(server.socket());
  http.perform(request("GET", "/warm"), {});
  EXPECT_EQ(fault_of(http, request("POST", "/act")), Fault::cut);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(Http, AConnectionThatEndedIsReplaced) {
  ScriptedServer server;
  for (int i = 0; i < 5; ++i) {
    // The answer does not say that the connection ends behind it.
    server.on("GET", "/warm", test::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  }
  HttpClient http(server.socket());
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(http.perform(request("GET", "/warm"), {}).body, "ok");
  }
  EXPECT_EQ(server.requests().size(), 5U);
}

TEST(Http, FewConnectionsAreKept) {
  const auto open_files = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
  };
  ScriptedServer server;
  constexpr int acts = 100;
  for (int i = 0; i < acts; ++i) {
    server.on("POST", "/act", test::answer(200, "ok"));
  }
  const auto before = open_files();
  HttpClient http(server.socket());
  for (int i = 0; i < acts; ++i) {
    http.perform(request("POST", "/act"), {});
  }
  // The server holds a socket of each until it ends; a client that kept them all would add two of each.
  EXPECT_LT(open_files() - before, 2 * acts);
}

/// Answers its one connection without reading, as an engine does that refuses a request by its first bytes.
class HastyServer {
 public:
  explicit HastyServer(const std::filesystem::path& socket, std::string answer)
      : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 1) != 0) {
      throw std::runtime_error("cannot listen on " + socket.string());
    }
    thread_ = std::thread([this, answer = std::move(answer)] {
      const int connection = ::accept(listener_, nullptr, nullptr);
      ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
      pollfd left{connection, POLLRDHUP, 0};
      ::poll(&left, 1, 30'000);
      ::close(connection);
    });
  }
  HastyServer(const HastyServer&) = delete;
  HastyServer& operator=(const HastyServer&) = delete;
  ~HastyServer() {
    thread_.join();
    ::close(listener_);
  }

 private:
  int listener_;
  std::thread thread_;
};

TEST(Http, AnAnswerBeforeTheEndOfTheRequestCounts) {
  const base::TemporaryFolder folder;
  base::write_file_atomic(folder.path() / "large", std::string(8 << 20, 'x'));
  const HastyServer server(folder.path() / "hasty.sock",
                           "HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large");
  HttpClient http((folder.path() / "hasty.sock").string());
  auto wanted = request("POST", "/x");
  wanted.body_file = (folder.path() / "large").string();
  const auto answer = http.perform(wanted, {});
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "too large");
}

TEST(Http, SendsAFileWithoutChangingIt) {
  const base::TemporaryFolder folder;
  const std::string content = std::string("\0\1tar", 5) + std::string(300'000, 't');
  base::write_file_atomic(folder.path() / "f.tar", content);
  ScriptedServer server;
  server.on("POST", "/x", test::answer(200, "{}"));
  HttpClient http(server.socket());
  auto wanted = request("POST", "/x");
  wanted.body_file = (folder.path() / "f.tar").string();
  http.perform(wanted, {});
  EXPECT_EQ(server.requests().front().body, content);
  wanted.body_file = (folder.path() / "none").string();
  EXPECT_THROW(http.perform(wanted, {}), base::Error);
}

TEST(Http, SpeaksOverTcp) {
  ScriptedServer server(ScriptedServer::Transport::tcp);
  server.on("PUT", "/v1/x?y=1", test::answer(200, "{}"));
  HttpClient http(parse_endpoint(server.address()), "vault");
  auto wanted = request("PUT", "/v1/x?y=1");
  wanted.body = "{\"a\":1}";
  EXPECT_EQ(http.perform(wanted, {}).body, "{}");
  EXPECT_EQ(server.requests().front().body, wanted.body);
}

TEST(Http, NamesThePeerThatDoesNotListen) {
  std::string address;
  {
    const ScriptedServer server(ScriptedServer::Transport::tcp);
    address = server.address();
  }
  HttpClient http(parse_endpoint(address), "vault");
  auto wanted = request("GET", "/x");
  wanted.may_retry = false;
  try {
    http.perform(wanted, {});
    FAIL() << "an answer from nobody";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.fault(), Fault::unreachable);
    EXPECT_NE(error.message().find("no vault answers at 'tcp://127.0.0.1:"), std::string::npos)
        << error.message();
    EXPECT_NE(error.message().find("nobody listens"), std::string::npos) << error.message();
  }
}

TEST(Http, SaysWhyNobodyAnswers) {
  const base::TemporaryFolder folder;
  const auto why = [](const std::filesystem::path& socket) -> std::pair<std::string, std::string> {
    HttpClient http(socket.string());
    try {
      http.perform(request("POST", "/x"), {});
    } catch (const EngineError& error) {
      EXPECT_EQ(error.fault(), Fault::unreachable);
      return {error.message(), error.hint()};
    }
    return {};
  };
  const auto [none, none_hint] = why(folder.path() / "none");
  EXPECT_NE(none.find("the socket does not exist"), std::string::npos) << none;
  EXPECT_NE(none_hint.find("engine start"), std::string::npos) << none_hint;
  const auto [too_long, too_long_hint] = why(folder.path() / std::string(200, 'x'));
  EXPECT_NE(too_long.find("too long"), std::string::npos) << too_long;
  std::string dead;
  {
    const ScriptedServer server;
    dead = server.socket();
    std::filesystem::create_hard_link(dead, folder.path() / "dead.sock");
  }
  const auto [gone, gone_hint] = why(folder.path() / "dead.sock");
  EXPECT_NE(gone.find("nobody listens"), std::string::npos) << gone;
  EXPECT_NE(gone_hint.find("engine start"), std::string::npos) << gone_hint;
}

}  // namespace
}  // namespace fresh::engine
