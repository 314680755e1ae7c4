// One side of a comparison: a process that offers named cases and times them when asked, over lines on stdin and
// stdout.
//
//   list            -> cases<TAB>name<TAB>name...
//   about           -> about text
//   prepare NAME    -> answer X        builds the inputs, makes one call; X checks that all sides computed the same
//   (nan: none) run N NAME      -> seconds S       one untimed call, then N timed ones drop NAME       -> dropped
//   anything wrong  -> error text
//
// A process of its own per peer keeps their BLAS, OpenMP and allocators apart. std only.
#pragma once
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// Keeps `value` and all memory it may point to alive for the optimiser.
template <class T> inline void keep(T&& value) { asm volatile("" : : "g"(&value) : "memory"); }

struct prepared {
    std::function<double(std::int64_t)> seconds;                   // for n calls in a row
    std::function<double()> answer = [] { return std::nan(""); };  // of the call made last
    std::function<void()> before = [] {};                          // untimed, ahead of every run: thread counts
};

// The loop is compiled around the body, so a call costs what it costs in a user's loop.
template <class Body> prepared timed(Body body) {
    prepared made;
    made.seconds = [body = std::move(body)](std::int64_t calls) mutable {
        const auto start = std::chrono::steady_clock::now();
        for (std::int64_t i = 0; i < calls; ++i) body();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    return made;
}

template <class Body, class Answer> prepared timed(Body body, Answer answer) {
    prepared made = timed(std::move(body));
    made.answer = std::move(answer);
    return made;
}

// Turns the time of whole chains into that of their links: n links are timed as the chains they fill.
inline std::function<double(std::int64_t)> per_link(std::function<double(std::int64_t)> chains, std::int64_t length) {
    return [chains = std::move(chains), length](std::int64_t links) {
        const std::int64_t whole = (links + length - 1) / length;
        return chains(whole) * static_cast<double>(links) / static_cast<double>(whole * length);
    };
}

// The file a loaded shared library came from, symlinks resolved: which BLAS a peer really runs on.
inline std::string loaded_library(const std::string& part) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        const auto path = line.find('/');
        if (path != std::string::npos && line.find(part, path) != std::string::npos) return line.substr(path);
    }
    return "none";
}

class worker {
public:
    explicit worker(std::string about) : about_(std::move(about)) {}

    void add(std::string name, std::function<prepared()> make) { makers_[std::move(name)] = std::move(make); }

    int serve() {
        for (std::string line; std::getline(std::cin, line);) {
            try {
                std::cout << reply(line) << std::endl;
            } catch (const std::exception& problem) {
                std::string text = problem.what();
                for (char& c : text) {
                    if (c == '\n') c = ' ';
                }
                std::cout << "error " << text << std::endl;
            }
        }
        return 0;
    }

private:
    std::string reply(const std::string& line) {
        const auto space = line.find(' ');
        const std::string command = line.substr(0, space);
        const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
        if (command == "list") {
            std::string names = "cases";
            for (const auto& [name, make] : makers_) names += "\t" + name;
            return names;
        }
        if (command == "about") return "about " + about_;
        if (command == "prepare") {
            prepared& made = live_[rest] = makers_.at(rest)();
            made.before();
            made.seconds(1);
            return "answer " + number(made.answer());
        }
        if (command == "run") {
            const auto split = rest.find(' ');
            prepared& made = live_.at(rest.substr(split + 1));
            made.before();
            made.seconds(1);
            return "seconds " + number(made.seconds(std::stoll(rest.substr(0, split))));
        }
        if (command == "drop") {
            live_.erase(rest);
            return "dropped";
        }
        return "error unknown command: " + line;
    }

    static std::string number(double value) {
        char text[40];
        std::snprintf(text, sizeof text, "%.17g", value);
        return text;
    }

    std::string about_;
    std::map<std::string, std::function<prepared()>> makers_;
    std::map<std::string, prepared> live_;
};

// Files of cases offer themselves: `const bench::offer cases([](bench::worker& to) { to.add(...); });`
struct offer {
    explicit offer(void (*add)(worker&)) { all().push_back(add); }
    static std::vector<void (*)(worker&)>& all() {
        static std::vector<void (*)(worker&)> offers;
        return offers;
    }
};

}  // namespace bench
