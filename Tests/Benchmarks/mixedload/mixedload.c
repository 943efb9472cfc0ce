// A mixed load over TLS: a person is read, by id or by a look-up, and then changed as Entra does it, one person after the other.
//
//     mixedload PORT CA PEOPLE WORKERS PEOPLE_A_SECOND SECONDS LOG
//
// PEOPLE has a line for each person, in the order in which their turns come: token, id and userName, separated by tabs.
// The n-th turn begins n / PEOPLE_A_SECOND seconds after the start, however long the ones before it take, and its read is
// timed from that moment: what waits because all WORKERS, a connection each, are busy counts as well. With 0 people a
// second each worker begins when it has ended. Every answer is checked, and whoever was changed is read again at the end.
//
// LOG gets a line for each request: its kind (get, lookup, patch), the person's line in PEOPLE from 0, the µs from the
// start until it was due, and the µs from then to the last byte of its answer. Prints JSON: seconds, requests, errors by
// their text.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// ANSWER, REQUEST: bytes; a learner's answer has 1 KiB. PATIENCE: seconds. ERRORS: texts that are told apart.
enum { ANSWER = 1 << 16, REQUEST = 4096, MOST_WORKERS = 512, PATIENCE = 30, ERRORS = 12, NOBODY = -1 };

static const char ENTERPRISE[] = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
static const char PATCH_OP[] = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

struct person {
    char *token, *id, *name;
    atomic_long department;    // the number of what was last written; 0: nothing was
};

struct request {
    const char *kind;
    size_t person;
    double due, took;          // seconds
};

struct worker {
    pthread_t thread;
    SSL *connection;
    int socket, status;
    char answer[ANSWER + 1], *body;
    struct request *made;
    size_t count, room;
    size_t verified_first;     // whom it reads again at the end: every so many-th person from there
};

static struct person *people;
static size_t people_count;
static struct worker *workers;
static size_t worker_count;
static struct sockaddr_in address;
static SSL_CTX *tls;
static double began, pace, length;
static long first_number;      // of what is written: no run writes what another one did, which would change nothing
static atomic_size_t turns;
static struct { char text[200]; long times; } errors[ERRORS];
static size_t error_count;
static pthread_mutex_t telling = PTHREAD_MUTEX_INITIALIZER;

static void fail(const char *reason, const char *where) {
    fprintf(stderr, "mixedload: %s: %s\n", reason, where);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void wait_until(double moment) {
    struct timespec time = {.tv_sec = (time_t)moment, .tv_nsec = (long)((moment - (double)(time_t)moment) * 1e9)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) continue;
}

// Counts a wrong answer; false, so that whoever checks can return it.
__attribute__((format(printf, 1, 2))) static bool wrong(const char *format, ...) {
    char text[sizeof errors->text];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    pthread_mutex_lock(&telling);
    size_t at = 0;
    while (at < error_count && strcmp(errors[at].text, text) != 0) at += 1;
    if (at == ERRORS) at -= 1;
    else if (at == error_count) strcpy(errors[error_count++].text, text);
    errors[at].times += 1;
    pthread_mutex_unlock(&telling);
    return false;
}

// -- a connection -------------------------------------------------------------------------------------
static void disconnect(struct worker *worker) {
    if (!worker->connection) return;
    SSL_free(worker->connection);
    close(worker->socket);
    worker->connection = NULL;
}

static bool connect_worker(struct worker *worker) {
    if (worker->connection) return true;
    struct timeval patience = {.tv_sec = PATIENCE};
    int yes = 1;
    worker->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (worker->socket < 0) return wrong("no socket: %s", strerror(errno));
    setsockopt(worker->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(worker->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(worker->socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    worker->connection = SSL_new(tls);
    SSL_set_fd(worker->connection, worker->socket);
    SSL_set_tlsext_host_name(worker->connection, "localhost");
    SSL_set1_host(worker->connection, "localhost");
    if (connect(worker->socket, (struct sockaddr *)&address, sizeof address) == 0 && SSL_connect(worker->connection) == 1) return true;
    disconnect(worker);
    return wrong("no connection");
}

// How many bytes an answer has as soon as its head is there; 0 before. Sets status and body.
static size_t answer_length(struct worker *worker) {
    char *end = strstr(worker->answer, "\r\n\r\n");
    if (!end || sscanf(worker->answer, "HTTP/1.1 %d", &worker->status) != 1) return 0;
    worker->body = end + 4;
    *end = 0;
    const char *length_field = strcasestr(worker->answer, "\r\ncontent-length:");
    size_t body = length_field ? strtoul(length_field + 17, NULL, 10) : 0;
    *end = '\r';
    return (size_t)(worker->body - worker->answer) + body;
}

// Sends a request and has its answer; whether that came.
static bool exchange(struct worker *worker, const char *request, int count) {
    if (!connect_worker(worker)) return false;
    size_t have = 0, wanted = 0;
    bool is_sent = SSL_write(worker->connection, request, count) == count;
    while (is_sent && have < ANSWER && (wanted == 0 || have < wanted)) {
        int got = SSL_read(worker->connection, worker->answer + have, (int)(ANSWER - have));
        if (got <= 0) break;
        have += (size_t)got;
        worker->answer[have] = 0;
        if (wanted == 0) wanted = answer_length(worker);
    }
    if (wanted > 0 && have == wanted) return true;
    disconnect(worker);
    return wrong("the connection ended before the answer did");
}

static int head(char *to, const char *method, const char *path, const char *rest, const struct person *person, int body) {
    int count = snprintf(to, REQUEST, "%s /scim/v2/Users%s%s HTTP/1.1\r\nHost: localhost:%d\r\nAuthorization: Bearer %s\r\n",
                         method, path, rest, ntohs(address.sin_port), person->token);
    if (body) count += snprintf(to + count, (size_t)(REQUEST - count),
                                "Content-Type: application/scim+json\r\nContent-Length: %d\r\n", body);
    return count + snprintf(to + count, (size_t)(REQUEST - count), "\r\n");
}

// -- the three requests -------------------------------------------------------------------------------
static bool has(struct worker *worker, const char *name, const char *value) {
    char text[512];
    snprintf(text, sizeof text, "\"%s\":\"%s\"", name, value);
    return strstr(worker->body, text) != NULL;
}

static bool is_person(struct worker *worker, const char *kind, const struct person *person) {
    if (worker->status != 200) return wrong("%s: status %d", kind, worker->status);
    return (has(worker, "id", person->id) && has(worker, "userName", person->name)) || wrong("%s: not who was asked for", kind);
}

static bool get(struct worker *worker, struct person *person) {
    char request[REQUEST];
    return exchange(worker, request, head(request, "GET", "/", person->id, person, 0)) && is_person(worker, "get", person);
}

static bool look_up(struct worker *worker, struct person *person) {
    char request[REQUEST], filter[512];
    snprintf(filter, sizeof filter, "%s%%22", person->name);
    return exchange(worker, request, head(request, "GET", "?filter=userName%20eq%20%22", filter, person, 0)) &&
           is_person(worker, "lookup", person) &&
           (strstr(worker->body, "\"totalResults\":1,") || wrong("lookup: not one person"));
}

// The four operations of an incremental cycle of Entra.
static bool patch(struct worker *worker, struct person *person, long number) {
    char request[REQUEST], body[REQUEST / 2], department[64];
    int count = snprintf(body, sizeof body,
                         "{\"schemas\":[\"%s\"],\"Operations\":[{\"op\":\"replace\",\"path\":\"%s:department\",\"value\":\"Dept %ld\"},"
                         "{\"op\":\"replace\",\"path\":\"name.familyName\",\"value\":\"Renamed%ld\"},"
                         "{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"new%ld.%s\"},"
                         "{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Renamed%ld\"}]}",
                         PATCH_OP, ENTERPRISE, number, number, number, person->name, number);
    int total = head(request, "PATCH", "/", person->id, person, count);
    memcpy(request + total, body, (size_t)count);
    if (!exchange(worker, request, total + count)) return false;
    snprintf(department, sizeof department, "Dept %ld", number);
    if (worker->status != 204 && !(is_person(worker, "patch", person) && (has(worker, "department", department) || wrong("patch: not changed"))))
        return false;
    atomic_store(&person->department, number);
    return true;
}

// -- the load -----------------------------------------------------------------------------------------
static void write_down(struct worker *worker, const char *kind, size_t person, double due) {
    if (worker->count == worker->room) {
        worker->room = worker->room ? 2 * worker->room : 1 << 14;
        worker->made = realloc(worker->made, worker->room * sizeof *worker->made);
        if (!worker->made) fail("no memory", "the log");
    }
    worker->made[worker->count++] = (struct request){.kind = kind, .person = person, .due = due - began, .took = now() - due};
}

// Half of them are looked up, in an order that is the same each time and no pattern of theirs.
static bool is_looked_up(size_t number) { return (number * 2654435761u >> 16) & 1; }

static void *take_turns(void *argument) {
    struct worker *worker = argument;
    for (;;) {
        size_t number = atomic_fetch_add(&turns, 1), person = number % people_count;
        double due = pace > 0 ? began + (double)number / pace : now();
        if (due >= began + length) return NULL;
        if (pace > 0) wait_until(due);
        bool is_good = is_looked_up(number) ? look_up(worker, &people[person]) : get(worker, &people[person]);
        write_down(worker, is_looked_up(number) ? "lookup" : "get", person, due);
        if (!is_good) continue;
        due = now();
        patch(worker, &people[person], first_number + (long)number);
        write_down(worker, "patch", person, due);
    }
}

// Each of those whom the load has changed and nobody has changed since.
static void *read_again(void *argument) {
    struct worker *worker = argument;
    char department[64];
    for (size_t at = worker->verified_first; at < people_count; at += worker_count) {
        long number = atomic_load(&people[at].department);
        snprintf(department, sizeof department, "Dept %ld", number);
        if (number && get(worker, &people[at]) && !has(worker, "department", department)) wrong("a change was not there when it was read again");
    }
    return NULL;
}

static void all(void *(*work)(void *)) {
    for (size_t at = 0; at < worker_count; at += 1)
        if (pthread_create(&workers[at].thread, NULL, work, &workers[at]) != 0) fail("no thread", "pthread_create");
    for (size_t at = 0; at < worker_count; at += 1) pthread_join(workers[at].thread, NULL);
}

static void read_people(const char *path) {
    FILE *in = fopen(path, "r");
    if (!in) fail(strerror(errno), path);
    char *line = NULL;
    size_t room = 0, capacity = 0;
    while (getline(&line, &room, in) > 0) {
        char *rest = strdup(line);
        rest[strcspn(rest, "\n")] = 0;
        struct person person = {.token = strsep(&rest, "\t"), .id = strsep(&rest, "\t"), .name = rest};
        if (!person.id || !person.name) fail("a line is not token, id and userName", path);
        if (people_count == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            people = realloc(people, capacity * sizeof *people);
            if (!people) fail("no memory", path);
        }
        people[people_count++] = person;
    }
    free(line);
    fclose(in);
    if (!people_count) fail("nobody is in it", path);
}

static void open_tls(const char *authority) {
    tls = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_load_verify_file(tls, authority) != 1) fail("no certificate of an authority", authority);
}

static size_t write_log(const char *path) {
    size_t count = 0;
    FILE *out = fopen(path, "w");
    if (!out) fail(strerror(errno), path);
    for (size_t at = 0; at < worker_count; at += 1)
        for (size_t of = 0; of < workers[at].count; of += 1, count += 1) {
            struct request *one = &workers[at].made[of];
            fprintf(out, "%s\t%zu\t%.0f\t%.0f\n", one->kind, one->person, one->due * 1e6, one->took * 1e6);
        }
    if (fclose(out) != 0) fail(strerror(errno), path);
    return count;
}

int main(int count, char **arguments) {
    if (count != 8) {
        fprintf(stderr, "usage: mixedload PORT CA PEOPLE WORKERS PEOPLE_A_SECOND SECONDS LOG\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    open_tls(arguments[2]);
    read_people(arguments[3]);
    worker_count = (size_t)atoi(arguments[4]);
    pace = atof(arguments[5]);
    length = atof(arguments[6]);
    if (worker_count < 1 || worker_count > MOST_WORKERS || pace < 0 || length <= 0) fail("WORKERS 1 to 512, SECONDS more than 0", "arguments");
    workers = calloc(worker_count, sizeof *workers);
    for (size_t at = 0; at < worker_count; at += 1) {
        workers[at].verified_first = at;
        if (!connect_worker(&workers[at])) fail(errors[0].text, "the gateway");
    }
    began = now();
    first_number = (long)(began * 1e3) * 1000;
    all(take_turns);
    double took = now() - began;
    all(read_again);
    printf("{\"seconds\": %.3f, \"requests\": %zu, \"errors\": {", took, write_log(arguments[7]));
    for (size_t at = 0; at < error_count; at += 1) printf("%s\"%s\": %ld", at ? ", " : "", errors[at].text, errors[at].times);
    printf("}}\n");
    return 0;
}
