using System.Runtime.InteropServices;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli;

/// <summary>
/// The signals that other programs and people send: those that end the process (Ctrl-C, a terminal that closes, a request
/// to terminate) and those that ask for a checkpoint (SIGUSR1 and SIGUSR2, which batch systems send before their limit).
/// </summary>
/// <remarks>
/// Where the work heeds them, the first of the former cancels it, and the second ends the process at once, as if this did
/// not exist; elsewhere the first does. What was ignored when the program was started, as nohup and shells arrange it,
/// stays ignored. One key press can arrive twice: from the terminal, and passed on by a program that started this one
/// (timeout does so). What comes within <see cref="RepeatMilliseconds"/> of the first is taken for the same.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private const int RepeatMilliseconds = 300;

    /// <summary>Shells report a process that a signal has ended by its number and this.</summary>
    private const int SignalExitCode = 128;

    private static readonly (PosixSignal Signal, int Number)[] EndingSignals =
        [(PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1)];

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private readonly CheckpointRequests _requests = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _heeding;
    private int? _first;
    private long _firstAt;
    private string? _answer;

    /// <summary>Begins to listen.</summary>
    public Interruption() => _registrations =
    [
        .. EndingSignals.Select(ending => PosixSignalRegistration.Create(ending.Signal, context => End(context, ending.Number))),
        .. CheckpointSignals().Select(asking =>
            PosixSignalRegistration.Create((PosixSignal)asking.Number, context => Ask(context, asking.Name))),
    ];

    /// <summary>Cancelled by the first signal that ends, where it is heeded.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of work that was cancelled: 130, 143 or 129 after the signal, 1 where there was none.</summary>
    public int ExitCode => _first is { } signal ? SignalExitCode + signal : 1;

    /// <summary>Says that from here on the work ends by itself when it is cancelled.</summary>
    /// <returns>To be disposed where it no longer does.</returns>
    public IDisposable Heed()
    {
        Interlocked.Increment(ref _heeding);
        return new Heeding(this);
    }

    /// <summary>Says that the work answers requests for checkpoints; elsewhere they change nothing.</summary>
    /// <param name="answer">What the user is told who sends one.</param>
    public CheckpointRequests OfferCheckpoints(string answer)
    {
        _answer = answer;
        return _requests;
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private static (string Name, int Number)[] CheckpointSignals() =>
        OperatingSystem.IsWindows() ? [] : OperatingSystem.IsLinux() ? [("SIGUSR1", 10), ("SIGUSR2", 12)]
            : [("SIGUSR1", 30), ("SIGUSR2", 31)];

    private void End(PosixSignalContext context, int signal)
    {
        lock (_gate)
        {
            bool isFirst = _heeding > 0 && _first is null;
            if (isFirst)
                (_first, _firstAt) = (signal, Environment.TickCount64);
            context.Cancel = isFirst || _first is not null && Environment.TickCount64 - _firstAt < RepeatMilliseconds;
        }
        if (context.Cancel)
            _source.Cancel();
        else // The process ends here, in the midst of a display that has hidden the cursor.
            Terminal.ShowCursor();
    }

    private void Ask(PosixSignalContext context, string name)
    {
        context.Cancel = true;
        if (_answer is null)
            return;
        _requests.Add();
        Terminal.Tell($"{name}: {_answer}");
    }

    private sealed class Heeding(Interruption interruption) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref interruption._heeding);
    }
}
