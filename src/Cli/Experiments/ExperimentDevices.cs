using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Cli.Experiments;

/// <summary>The device of an experiment, opened once for each training at the same time.</summary>
/// <param name="verb">The verb with the options.</param>
/// <param name="first">The device, as it was opened for the first of them.</param>
internal sealed class ExperimentDevices(ReproduceVerb verb, ExecutorFactory first) : IDisposable
{
    /// <summary>
    /// Processors of the CPU per training. Up to about here a training gains as much from another thread as the experiment
    /// from another training, with which each would finish later; with many threads, the sum of their gradients costs more than
    /// it saves.
    /// </summary>
    internal const int ThreadsPerJob = 4;

    private readonly List<ExecutorFactory> _executors = [first];

    /// <summary>The executors, at least one; all are of the same kind.</summary>
    public IReadOnlyList<ExecutorFactory> Executors => _executors;

    /// <summary>The first of them.</summary>
    public ExecutorFactory First => _executors[0];

    private bool IsCpu => First.Device.Kind == DeviceKind.Cpu;

    /// <summary>Opens the device for trainings at the same time; on the CPU the processors are divided among them.</summary>
    /// <param name="runs">Runs to train.</param>
    public void OpenFor(int runs)
    {
        int processors = Environment.ProcessorCount;
        int most = verb.Jobs ?? (IsCpu ? Math.Max(1, processors / (verb.Threads ?? ThreadsPerJob)) : 1);
        int jobs = Math.Clamp(runs, 1, most);
        Open(jobs, verb.Threads ?? Math.Max(1, processors / jobs));
    }

    /// <summary>Opens the device for one training as a task of a job array has it.</summary>
    public void OpenForTask() => Open(1, verb.Threads ?? ThreadsPerJob);

    private void Open(int jobs, int threads)
    {
        string selector = First.Device.Selector;
        ExecutorKind kind = First.Kind;
        bool isCpu = IsCpu;
        if (isCpu && First.Device.Threads != threads)
            Dispose();
        Task<ExecutorFactory>[] opening = [.. Enumerable.Range(0, jobs - _executors.Count).Select(_ =>
            Task.Run(() => verb.Open(selector, isCpu ? threads : null, kind)))];
        _executors.AddRange(opening.Select(task => task.GetAwaiter().GetResult()));
    }

    /// <summary>Closes the device.</summary>
    public void Dispose()
    {
        foreach (ExecutorFactory opened in _executors)
            opened.Device.Dispose();
        _executors.Clear();
    }
}
