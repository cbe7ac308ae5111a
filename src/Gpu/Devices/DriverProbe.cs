using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// Asks a driver for its devices in a child process, because a broken one can end the process that loads it, and no exception
/// tells of that. The child is the program itself, started once more; it prints what it found as one line of JSON. Where the
/// program does not take part, which <see cref="Serve"/> arranges, drivers are asked in the process itself.
/// </summary>
internal static class DriverProbe
{
    private const string Argument = "--ask-driver-for-devices";

    /// <summary>Generous: it only ends the wait for a driver that hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly ConcurrentDictionary<(DeviceKind, bool), Lazy<IReadOnlyList<DeviceInfo>>> Answers = [];

    private static bool _isServed;

    /// <summary>
    /// Takes part: a program calls this first of all. Where this process is a child that is to ask a driver, it does so; else
    /// this process may start such children from now on.
    /// </summary>
    /// <param name="arguments">The arguments of the program.</param>
    /// <returns>Whether this process was such a child: its work is done and it must end.</returns>
    public static bool Serve(IReadOnlyList<string> arguments)
    {
        if (arguments is not [Argument, var kind, var force])
        {
            _isServed = true;
            return false;
        }
        Answer(Enum.Parse<DeviceKind>(kind), bool.Parse(force));
        return true;
    }

    /// <summary>
    /// The devices of a driver, which is asked once; a driver that crashes or hangs becomes an entry that says so.
    /// </summary>
    internal static IReadOnlyList<DeviceInfo> Devices(DeviceKind kind, bool forceOpenCl) => Answers.GetOrAdd(
        (kind, forceOpenCl), _ => new(() => _isServed ? FromChild(kind, forceOpenCl) : FromThisProcess(kind, forceOpenCl))).Value;

    /// <summary>
    /// The CUDA devices that would be there without a variable that hides some; nothing where no child can be asked for them.
    /// </summary>
    /// <param name="variable">The variable of the environment.</param>
    internal static IReadOnlyList<DeviceInfo> CudaDevicesWithout(string variable) =>
        _isServed && NativeLibraries.IsInstalled("cuda")
            ? Ask(DeviceKind.Cuda, ChildFor(DeviceKind.Cuda, force: false, without: variable), Limit)
            : [];

    /// <summary>Runs a child and reads its answer.</summary>
    /// <param name="kind">The driver that the child asks.</param>
    /// <param name="child">How the child is started.</param>
    /// <param name="limit">After this time the child is ended.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    internal static IReadOnlyList<DeviceInfo> Ask(DeviceKind kind, ProcessStartInfo child, TimeSpan limit)
    {
        using Process process = Process.Start(child)!;
        using var patience = new CancellationTokenSource(limit);
        // What the driver prints is no answer, and must not fill a pipe.
        process.BeginErrorReadLine();
        string reason;
        try
        {
            while (process.StandardOutput.ReadLineAsync(patience.Token).AsTask().GetAwaiter().GetResult() is { } line)
            {
                if (Read(line) is not { } devices)
                    continue;
                // This ends the child: nobody waits for the driver to be unloaded.
                process.StandardInput.Close();
                return devices;
            }
            process.WaitForExit();
            reason = $"crashed the process that asked it for its devices ({InWords(process.ExitCode)})";
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            string seconds = limit.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            reason = $"did not answer within {seconds} s when it was asked for its devices";
        }
        return
        [
            new DeviceInfo
            {
                Selector = DeviceSelector.NameOf(kind),
                Kind = kind,
                Name = kind == DeviceKind.Cuda ? "the CUDA driver" : "an OpenCL driver",
                Refusal = $"{reason}; repair or remove it",
                IsBroken = true,
            },
        ];
    }

    private static IReadOnlyList<DeviceInfo> FromChild(DeviceKind kind, bool force)
    {
        if (!NativeLibraries.IsInstalled(kind == DeviceKind.Cuda ? "cuda" : "OpenCL"))
            return [];
        try
        {
            return Ask(kind, ChildFor(kind, force, without: null), Limit);
        }
        catch (Win32Exception) // No child can be had, for example in a sandbox that forbids it.
        {
            return FromThisProcess(kind, force);
        }
    }

    private static IReadOnlyList<DeviceInfo> FromThisProcess(DeviceKind kind, bool force) =>
        [.. DeviceCatalog.Detect(kind, force).Select(device => device.Info)];

    private static ProcessStartInfo ChildFor(DeviceKind kind, bool force, string? without)
    {
        string program = Environment.ProcessPath!;
        // "dotnet X.dll" needs X.dll again; an executable of its own does not.
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] arguments = [.. isHost ? [Environment.GetCommandLineArgs()[0]] : (string[])[], Argument, $"{kind}", $"{force}"];
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (without is not null)
            start.Environment.Remove(without);
        return start;
    }

    private static void Answer(DeviceKind kind, bool force)
    {
        // Ctrl-C reaches the child, too, and is the parent's business. Where the parent is gone, nobody waits for the answer.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        new Thread(() =>
        {
            while (Console.OpenStandardInput().ReadByte() >= 0) { }
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true }.Start();
        DeviceInfo[] devices = [.. FromThisProcess(kind, force)];
        Console.Out.WriteLine(JsonSerializer.Serialize(devices, DeviceInfoFormat.Default.DeviceInfoArray));
    }

    private static DeviceInfo[]? Read(string line)
    {
        if (!line.StartsWith('['))
            return null;
        try
        {
            return JsonSerializer.Deserialize(line, DeviceInfoFormat.Default.DeviceInfoArray);
        }
        catch (JsonException) // A line of the driver's.
        {
            return null;
        }
    }

    /// <summary>An exit code with the signal behind it, if there is one.</summary>
    private static string InWords(int exitCode)
    {
        string? signal = (exitCode - 128) switch
        {
            4 => "SIGILL",
            5 => "SIGTRAP",
            6 => "SIGABRT",
            7 => "SIGBUS",
            8 => "SIGFPE",
            9 => "SIGKILL",
            11 => "SIGSEGV",
            _ => null,
        };
        string code = exitCode < 0 ? $"exit code 0x{exitCode:X8}" : $"exit code {exitCode}";
        return signal is null || OperatingSystem.IsWindows() ? code : $"{signal}, {code}";
    }
}
