using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IlgpuDistance.Training.Tests.Data;

/// <summary>A small HTTP server on this machine that answers every connection once and writes exactly what it is told.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly Task _loop;

    /// <param name="answer">Writes the answer for a path such as <c>/mnist/file.gz</c>.</param>
    public LoopbackServer(Func<string, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/mnist/");

    /// <summary>The paths that were asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>A server that serves files by name.</summary>
    public static LoopbackServer Serving(IReadOnlyDictionary<string, byte[]> files) =>
        new((path, stream, cancellation) => files.TryGetValue(Path.GetFileName(path), out byte[]? body)
            ? WriteAsync(stream, "200 OK", body.Length, body, cancellation)
            : WriteAsync(stream, "404 Not Found", 0, [], cancellation));

    /// <summary>A server with one answer to everything.</summary>
    public static LoopbackServer Answering(string status, int length, byte[] body) =>
        new((_, stream, cancellation) => WriteAsync(stream, status, length, body, cancellation));

    /// <summary>An address at which nobody listens.</summary>
    public static Uri RefusingAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}/mnist/");
    }

    public static async Task WriteAsync(Stream stream, string status, int length, byte[] body, CancellationToken cancellation)
    {
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(head, cancellation);
        await stream.WriteAsync(body, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> answers = [];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                answers.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        await Task.WhenAll(answers);
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using TcpClient connection = client;
        try
        {
            NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            string? request = await reader.ReadLineAsync(_stop.Token);
            string path = request?.Split(' ').ElementAtOrDefault(1) ?? "";
            Requests.Enqueue(path);
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                continue;
            await _answer(path, stream, _stop.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The client hung up, or the test is over: both are part of what is tested.
            return;
        }
    }
}
