using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Checks.Compilers;

/// <summary>
/// A vendor's compiler, which needs no GPU: from a kernel, as its driver gets it, to machine code and to what that takes of a
/// device.
/// </summary>
internal abstract class Compiler
{
    /// <summary>The script that checks what it makes of the kernels.</summary>
    public abstract string Script { get; }

    /// <summary>Name and version, as in ptxas 11.8.89.</summary>
    public abstract string Version { get; }

    /// <summary>Whether kernels.md has a table of it.</summary>
    public virtual bool IsInDocument => true;

    /// <summary>The devices that are checked.</summary>
    public abstract IReadOnlyList<Target> Targets { get; }

    /// <summary>The device whose innermost loops kernels.md shows.</summary>
    public abstract string Shown { get; }

    /// <summary>The kernels as the driver of a device gets them.</summary>
    public abstract IReadOnlyList<KernelSource> SourcesFor(Target target);

    /// <summary>Compiles one kernel with the options of the driver.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="target">One of <see cref="Targets"/>.</param>
    /// <exception cref="Gpu.Errors.InputException">The compiler cannot be started or refuses the text.</exception>
    public abstract (ResourceUsage Resources, MachineCode Code) Compile(string source, Target target);

    /// <summary>Compiles all kernels for some devices, on all processors.</summary>
    /// <exception cref="Gpu.Errors.InputException">The compiler cannot be started or refuses a kernel.</exception>
    public IReadOnlyList<CompiledKernel> CompileAll(IEnumerable<Target> targets)
    {
        Dictionary<string, Kernel> kernels = KernelCatalogue.All.ToDictionary(kernel => kernel.Name);
        return
        [
            .. targets.SelectMany(target => SourcesFor(target).Select(source => (Target: target, Source: source)))
                .AsParallel().AsOrdered().Select(one =>
                {
                    var (resources, code) = Compile(one.Source.Text, one.Target);
                    return new CompiledKernel(kernels[one.Source.Kernel], one.Target, one.Source.Text, resources, code);
                }),
        ];
    }
}
