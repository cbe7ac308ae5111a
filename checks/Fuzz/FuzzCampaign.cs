using System.Collections.Concurrent;
using System.Diagnostics;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>
/// Tries damaged inputs one after the other. Each case follows from the seed and its number alone, so that any can be repeated.
/// A reader must refuse the input in the way that it documents, or read it; it may not throw anything else, take more than
/// <see cref="LongestTime"/>, or allocate more than <see cref="LargestFactor"/> times the input and what its target allows.
/// </summary>
/// <param name="targets">What is read.</param>
/// <param name="seed">Decides all inputs.</param>
internal sealed class FuzzCampaign(IReadOnlyList<FuzzTarget> targets, long seed)
{
    /// <summary>The most bytes that a reader may allocate for a byte of input.</summary>
    public const int LargestFactor = 50;

    /// <summary>Processor time of a case that counts as hanging.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The same on the wall's clock, for a case that waits; other processes may have all processors for a while.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    private readonly int _shares = targets.Sum(target => target.Share);

    /// <summary>The target of a case.</summary>
    public FuzzTarget TargetOf(long number) => TargetOf(RandomOf(number));

    /// <summary>The damaged input of a case.</summary>
    public byte[] InputOf(long number)
    {
        Random random = RandomOf(number);
        return Mutator.Mutate(random, TargetOf(random));
    }

    /// <summary>Tries cases in their order on one thread.</summary>
    /// <param name="goesOn">Asked with the number of each case before it is tried.</param>
    /// <param name="first">The first case.</param>
    public FuzzResult Run(Func<long, bool> goesOn, long first = 0)
    {
        var faults = new ConcurrentDictionary<(string Target, string Kind, string Place), FuzzFault>();
        void Note(FuzzFault fault) => faults.TryAdd((fault.Target, fault.Error?.GetType().Name ?? "", fault.Place), fault);

        long number = first, refused = 0;
        using var done = new ManualResetEventSlim();
        var worker = new Thread(() =>
        {
            for (; goesOn(number); Interlocked.Increment(ref number))
            {
                if (Try(number) is { } fault)
                    Note(fault);
                else if (WasRefused)
                    refused++;
            }
            done.Set();
        })
        { IsBackground = true };
        worker.Start();
        if (Watch(done, ref number) is { } hanging)
            Note(hanging);
        return new FuzzResult(number - first, refused, [.. faults.Values.OrderBy(fault => fault.Case)]);
    }

    /// <summary>Tries one case; null where nothing is wrong.</summary>
    public FuzzFault? Try(long number)
    {
        Random random = RandomOf(number);
        FuzzTarget target = TargetOf(random);
        byte[] input = Mutator.Mutate(random, target);
        long before = GC.GetAllocatedBytesForCurrentThread();
        WasRefused = false;
        try
        {
            target.Read(input);
        }
        catch (Exception error) when (target.IsRefusal(error))
        {
            WasRefused = true;
        }
        catch (Exception error)
        {
            string problem = $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
            return new FuzzFault(number, target.Name, problem, PlaceOf(error), error);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long allowed = LargestFactor * (long)input.Length + target.FixedAllocation;
        return allocated <= allowed ? null : new FuzzFault(
            number, target.Name,
            $"{allocated:N0} bytes were allocated for an input of {input.Length:N0}; {allowed:N0} are allowed", "memory");
    }

    /// <summary>Whether the last case was refused.</summary>
    private bool WasRefused { get; set; }

    /// <summary>Waits for the end of all cases, or for one that does not end.</summary>
    private FuzzFault? Watch(ManualResetEventSlim done, ref long number)
    {
        long watched = -1, since = 0;
        TimeSpan usedBefore = default;
        while (!done.Wait(WatchInterval))
        {
            long current = Interlocked.Read(ref number);
            TimeSpan used = Environment.CpuUsage.TotalTime;
            if (current != watched)
            {
                (watched, since, usedBefore) = (current, Stopwatch.GetTimestamp(), used);
            }
            else if (used - usedBefore > LongestTime || Stopwatch.GetElapsedTime(since) > LongestWait)
            {
                return new FuzzFault(current, TargetOf(current).Name, $"has not ended after {LongestTime.TotalSeconds:0} s",
                    "time");
            }
        }
        return null;
    }

    private FuzzTarget TargetOf(Random random)
    {
        int share = random.Next(_shares);
        return targets.First(target => (share -= target.Share) < 0);
    }

    /// <summary>
    /// Every case has its own numbers, from the seed and its number mixed as SplitMix64 does (Steele, Lea, Flood 2014).
    /// </summary>
    private Random RandomOf(long number)
    {
        ulong mixed = (ulong)seed * 0xD1342543DE82EF95 + (ulong)number * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return new Random((int)(mixed >> 33));
    }

    /// <summary>The innermost method of the program that threw.</summary>
    private static string PlaceOf(Exception error)
    {
        bool IsOfProgram(string line) =>
            line.Contains(" IlgpuDistance.", StringComparison.Ordinal) && !line.Contains(".Checks.", StringComparison.Ordinal);
        return error.StackTrace?.Split('\n').FirstOrDefault(IsOfProgram)?.Trim() ?? "";
    }
}
