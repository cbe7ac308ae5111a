using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>
/// A headless Chromium with one page, driven by the DevTools protocol. It notes all that goes wrong in the page.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    public const string WhyMissing = "neither chromium nor google-chrome is in the path";

    private readonly TemporaryFolder _profile = new();
    private readonly CancellationTokenSource _timeout = HangLimit.Start();
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly Process _process;
    private string? _session;
    private int _lastId;

    private Chromium(string program) => _process = Process.Start(new ProcessStartInfo(program,
    [
        // The sandbox cannot be had as root or in many containers; the pages are the tests' own.
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--remote-debugging-port=0",
        $"--user-data-dir={_profile.Path}", "about:blank",
    ])
    { RedirectStandardError = true, RedirectStandardOutput = true })!;

    /// <summary>The program, or null where it is not installed. One from a snap cannot read the tests' folder.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => !folder.StartsWith("/snap", StringComparison.Ordinal))
        .SelectMany(folder => new[] { "chromium", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>
    /// Messages of the console, exceptions, requests to the network, and what could not be loaded, since the start.
    /// </summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Starts it with an empty page.</summary>
    public static async Task<Chromium> StartAsync()
    {
        var chromium = new Chromium(Program!);
        await chromium.ConnectAsync();
        return chromium;
    }

    /// <summary>Opens a file and waits until everything in it is loaded.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scheme">The page that the reader prefers: light or dark.</param>
    public async Task OpenAsync(string path, string scheme = "light")
    {
        await CallAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
        });
        string url = new Uri(path).AbsoluteUri;
        await CallAsync("Page.navigate", new JsonObject { ["url"] = url });
        string loaded = $"document.readyState === 'complete' && location.href === {JsonSerializer.Serialize(url)}";
        while (!(await EvaluateAsync(loaded)).GetValue<bool>())
            await Task.Delay(20, _timeout.Token);
        await EvaluateAsync("document.fonts.ready.then(() => true)");
    }

    /// <summary>Shows the page on a screen of a width, or as it is printed on paper of that width.</summary>
    /// <param name="width">The width in pixels.</param>
    /// <param name="media">What it is shown on: screen or print.</param>
    public async Task ShowAsync(int width, string media)
    {
        await CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = 900,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = false,
        });
        await CallAsync("Emulation.setEmulatedMedia", new JsonObject { ["media"] = media });
    }

    /// <summary>The value of an expression in the page; a promise is waited for.</summary>
    public async Task<JsonNode> EvaluateAsync(string expression)
    {
        JsonNode answer = await CallAsync("Runtime.evaluate", new JsonObject
        {
            ["expression"] = expression,
            ["awaitPromise"] = true,
            ["returnByValue"] = true,
        });
        Assert.True(answer["exceptionDetails"] is null, $"{answer}");
        return answer["result"]!["value"]!;
    }

    /// <summary>Moves the mouse from the first of some places to the last, with its button down.</summary>
    /// <param name="places">In pixels of the page as it is shown.</param>
    public async Task DragAsync(params (double X, double Y)[] places)
    {
        Task SendAsync(string type, (double X, double Y) place) => CallAsync("Input.dispatchMouseEvent", new JsonObject
        {
            ["type"] = type,
            ["x"] = place.X,
            ["y"] = place.Y,
            ["button"] = "left",
            ["buttons"] = 1,
            ["clickCount"] = 1,
        });
        await SendAsync("mousePressed", places[0]);
        foreach (var place in places)
            await SendAsync("mouseMoved", place);
        await SendAsync("mouseReleased", places[^1]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _socket.Dispose();
        _timeout.Dispose();
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task ConnectAsync()
    {
        const string Announcement = "DevTools listening on ";
        string? line;
        do
        {
            line = await _process.StandardError.ReadLineAsync(_timeout.Token)
                ?? throw new InvalidOperationException("chromium ended at once");
        }
        while (!line.StartsWith(Announcement, StringComparison.Ordinal));
        // Both pipes are emptied, or chromium would wait for a reader.
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();

        await _socket.ConnectAsync(new Uri(line[Announcement.Length..]), _timeout.Token);
        JsonNode target = await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        JsonNode session = await CallAsync("Target.attachToTarget", new JsonObject
        {
            ["targetId"] = target["targetId"]!.GetValue<string>(),
            ["flatten"] = true,
        });
        _session = session["sessionId"]!.GetValue<string>();
        foreach (string domain in new[] { "Page", "Runtime", "Log", "Network" })
            await CallAsync($"{domain}.enable", []);
    }

    /// <summary>Sends a command and reads messages up to its answer.</summary>
    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        int id = ++_lastId;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
            command["sessionId"] = _session;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, endOfMessage: true,
            _timeout.Token);
        while (true)
        {
            JsonNode message = await ReceiveAsync();
            if (message["id"]?.GetValue<int>() == id)
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]}");
            Note(message);
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _timeout.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        message.Position = 0;
        return JsonNode.Parse(message)!;
    }

    private void Note(JsonNode message)
    {
        JsonNode? parameters = message["params"];
        bool isProblem = message["method"]?.GetValue<string>() switch
        {
            "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded" or "Network.loadingFailed" => true,
            "Network.requestWillBeSent" =>
                new Uri(parameters!["request"]!["url"]!.GetValue<string>()).Scheme is not ("file" or "data" or "blob" or "about"),
            _ => false,
        };
        if (isProblem)
            _problems.Enqueue(message.ToJsonString());
    }
}
