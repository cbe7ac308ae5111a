using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace IlgpuDistance.Training.Files;

/// <summary>Who owns a folder.</summary>
/// <param name="Token">16 random hexadecimal digits: no two records have the same.</param>
/// <param name="ProcessId">The number of the process.</param>
/// <param name="Start">When it began, to tell it from a later one of the same number; the unit is the system's own.</param>
/// <param name="Numbers">Among which processes the number counts: containers on one machine each have a process 1.</param>
/// <param name="Host">The name of the machine or container.</param>
/// <param name="Machine">The machine, whatever is started on it; empty where the system does not tell.</param>
/// <param name="Boot">The machine since it was started last, the same in all containers.</param>
/// <param name="Since">When the record was made.</param>
/// <param name="Beat">How often it has been renewed.</param>
/// <param name="IsLocked">Whether the operating system locks the record as long as the process lives.</param>
/// <param name="Job">The job of a batch system in which the process runs, in words; empty where it is in none.</param>
internal sealed record OwnerRecord(
    string Token, int ProcessId, string Start, string Numbers, string Host, string Machine, string Boot,
    DateTime Since, long Beat, bool IsLocked, string Job = "")
{
    private const int TokenLength = 16;

    /// <summary>A record of this process.</summary>
    public static OwnerRecord OfThisProcess() => new(
        Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(TokenLength / 2)),
        Environment.ProcessId, StartOf(Environment.ProcessId) ?? "", LinkTarget("/proc/self/ns/pid"),
        Environment.MachineName, TextOf("/etc/machine-id"), BootOf(), DateTime.UtcNow, 0, false, JobOf());

    /// <summary>Whether the record, which may be anybody's work, has what is relied upon.</summary>
    public bool IsSound() => Token is { Length: TokenLength } && Token.All(char.IsAsciiHexDigitLower) &&
        (Start, Numbers, Host, Machine, Boot, Job) is ({ }, { }, { }, { }, { }, { });

    /// <summary>Whether it was made on the machine of another one, and since that was started.</summary>
    public bool IsOfSameBoot(OwnerRecord other) => Boot == other.Boot;

    /// <summary>Whether its process lives; null where that cannot be told.</summary>
    /// <param name="mine">A record of this process.</param>
    public bool? IsAlive(OwnerRecord mine)
    {
        if (IsOfSameBoot(mine))
            return Numbers == mine.Numbers ? Lives(ProcessId, Start) : null;
        // The machine has been started again since. Copies of a machine have one number, but not one name.
        return Machine.Length > 0 && (Machine, Host) == (mine.Machine, mine.Host) ? false : null;
    }

    /// <summary>The owner in words.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"process {ProcessId} on {Host}{(Job.Length == 0 ? "" : $" ({Job})")}, since {Since:u}");

    private static bool Lives(int process, string start)
    {
        try
        {
            // Where the system tells the number but nothing else, as to other users, the process is taken for the one.
            using var found = Process.GetProcessById(process);
            return StartOf(process) is not { } now || now == start;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>When a process began; null where that cannot be told, and "gone" where only its number is left.</summary>
    private static string? StartOf(int process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                return Process.GetProcessById(process).StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
            // "NUMBER (NAME) STATE …": the 20th after the name, which may hold anything, is the start in ticks of a clock.
            string status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? "gone" : fields[19];
        }
        catch (Exception error) when (
            error is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
                or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Where the system has no number for it, the machine by itself: the start of a process tells the rest.</summary>
    private static string BootOf() =>
        TextOf("/proc/sys/kernel/random/boot_id") is { Length: > 0 } boot ? boot : Environment.MachineName;

    private static string JobOf()
    {
        string? Variable(string name) => Environment.GetEnvironmentVariable(name);
        string? job = Variable("SLURM_ARRAY_JOB_ID") is { } array ? $"{array}_{Variable("SLURM_ARRAY_TASK_ID")}"
            : Variable("SLURM_JOB_ID");
        return job is null ? "" : $"Slurm job {job}";
    }

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string LinkTarget(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.Name ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
