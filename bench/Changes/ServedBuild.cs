using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Bench.Changes;

/// <summary>
/// A build of this benchmark, perhaps another than the one that runs, which times epochs in a process of its own: its verb
/// <c>serve</c>.
/// </summary>
internal sealed class ServedBuild : IDisposable
{
    /// <summary>Is to grow when builds before and after would no longer understand each other.</summary>
    public const int Protocol = 1;

    /// <summary>The first word of the first line of an answer, before what the data are.</summary>
    public const string Greeting = "data";

    private const char Separator = '\t';

    private static readonly string FileName = $"{typeof(ServedBuild).Assembly.GetName().Name}.dll";
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private readonly Process _process;
    private volatile string _error = "";

    /// <summary>Starts the process, and waits until it has the data.</summary>
    /// <param name="folder">Where the build is.</param>
    /// <param name="dataOptions">Which data to use.</param>
    /// <exception cref="InputException">There is no build, or one that cannot do this or lacks the data.</exception>
    public ServedBuild(string folder, IEnumerable<string> dataOptions)
    {
        _folder = folder;
        string program = ProgramIn(folder), protocol = Protocol.ToString(CultureInfo.InvariantCulture);
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, ["exec", program, "serve", "--protocol", protocol, .. dataOptions])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InputException($"{dotnet}: cannot be started: {error.Message}", error);
        }
        _process.ErrorDataReceived += (_, line) => _error = string.IsNullOrWhiteSpace(line.Data) ? _error : line.Data;
        _process.BeginErrorReadLine();
        try
        {
            Data = Read();
            if (!Data.StartsWith(Greeting, StringComparison.Ordinal))
                throw new InputException($"{folder}: this build is from before the verb \"compare\", and cannot be compared");
        }
        catch (InputException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the data are, in numbers that must be equal for two builds to be compared.</summary>
    public string Data { get; }

    /// <summary>The folder of the build that runs.</summary>
    public static string FolderOfThis => AppContext.BaseDirectory;

    /// <summary>The program of the build in a folder.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static string ProgramIn(string folder)
    {
        string program = Path.GetFullPath(Path.Combine(folder, FileName));
        return File.Exists(program)
            ? program
            : throw new InputException(
                $"{folder}: holds no {FileName}; publish a build there: dotnet publish -c Release bench -o {folder}");
    }

    /// <summary>The case that a line of <see cref="Epoch"/> names.</summary>
    /// <exception cref="InputException">It names none.</exception>
    public static EpochCase CaseOf(string line) =>
        line.Split(Separator) is [var model, var batch, var threads] &&
            int.TryParse(threads, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? EpochCase.Of(model, batch, count, after: 0)
            : throw new InputException($"\"{line}\": expected a model, a batch size and a number of threads");

    /// <summary>Runs an epoch; the first one of a case takes longer, as its data are prepared before.</summary>
    /// <returns>Its seconds.</returns>
    /// <exception cref="InputException">The other process ended, or answered something else.</exception>
    public double Epoch(EpochCase @case)
    {
        try
        {
            _process.StandardInput.WriteLine(FormattableString.Invariant(
                $"{@case.Model}{Separator}{@case.Batch}{Separator}{@case.Threads}"));
        }
        catch (IOException)
        {
            // The process has ended; reading says why.
        }
        string answer = Read();
        return double.TryParse(answer, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            ? seconds
            : throw new InputException($"{_folder}: this build answered \"{answer}\" instead of seconds");
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeToEnd))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private string Read()
    {
        if (_process.StandardOutput.ReadLine() is { } line)
            return line;
        // Returns only when standard error has been read to its end.
        _process.WaitForExit();
        string reason = _error.Length > 0 ? _error : $"exit code {_process.ExitCode}";
        throw new InputException($"{_folder}: this build ended: {reason}");
    }
}
