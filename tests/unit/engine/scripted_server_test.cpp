#include "support/scripted_server.h"

#include "engine/http.h"

#include <gtest/gtest.h>

namespace fresh::test {
namespace {

engine::Request get(const std::string& target) {
  engine::Request request;
  request.method = "GET";
  request.target = target;
  return request;
}

TEST(ScriptedServer, AnswersInOrderAndRecordsWhatCame) {
  ScriptedServer server;
  server.on("GET", "/a?x=1", answer(200, "first"));
  server.on("GET", "/a?x=1", answer(201, "second", {{"X-Mark", "here"}}));
  engine::HttpClient http(server.socket());
  EXPECT_EQ(http.perform(get("/a?x=1"), {}).body, "first");
  const auto second = http.perform(get("/a?x=1"), {});
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.headers.at("x-mark"), "here");
  EXPECT_EQ(server.requests().size(), 2U);
  EXPECT_TRUE(server.unused().empty());
  EXPECT_TRUE(server.unexpected().empty());
}

TEST(ScriptedServer, TellsWhatWasNotScriptedAndNotAsked) {
  ScriptedServer server;
  server.on("POST", "/never", answer(200));
  engine::HttpClient http(server.socket());
  EXPECT_EQ(http.perform(get("/other"), {}).status, 500);
  EXPECT_EQ(server.unexpected(), std::vector<std::string>{"GET /other"});
  EXPECT_EQ(server.unused(), std::vector<std::string>{"POST /never"});
}

TEST(ScriptedServer, KeepsBodies) {
  ScriptedServer server;
  server.on("POST", "/b", chunked({"a", "b"}));
  engine::HttpClient http(server.socket());
  engine::Request request = get("/b");
  request.method = "POST";
  request.body = std::string(200'000, 'x');
  EXPECT_EQ(http.perform(request, {}).body, "ab");
  EXPECT_EQ(server.requests().front().body, request.body);
  EXPECT_EQ(server.requests().front().headers.at("content-type"), "application/json");
}

}  // namespace
}  // namespace fresh::test
