using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>The sizes from which the work of a launch is computed.</summary>
/// <param name="N">Samples.</param>
/// <param name="I">
/// Inputs of the layer; for operations without a layer the number of values: of parameters, nodes, bins or clamps.
/// </param>
/// <param name="O">Outputs of the layer or, in the loss, classes.</param>
/// <param name="S">Slices over which the sum over samples is split.</param>
/// <param name="V">Bytes of one value of the layer's input: 4, or 1 for samples of bytes.</param>
internal readonly record struct WorkShape(long N, long I, long O, long S = 1, long V = sizeof(float));

/// <summary>
/// A kernel as it stands in the catalogue: what it computes, how much work that is, and the method that ILGPU compiles. All
/// kernels are grouped explicitly, in groups of <see cref="Tiles.GroupSize"/>, and take one structure of arguments.
/// </summary>
internal abstract class Kernel
{
    /// <summary>
    /// With at most 128 registers for each work-item, 8 groups are resident on a multiprocessor, which hides the latency of
    /// memory behind the arithmetic of the others.
    /// </summary>
    public static readonly KernelSpecialization Specialization = new(Tiles.GroupSize, 8);

    /// <summary>Its name, in lower case with hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it computes.</summary>
    public required string Operation { get; init; }

    /// <summary>Additions and multiplications, of which a fused multiply-add is two.</summary>
    public required WorkFormula Flop { get; init; }

    /// <summary>Bytes that have to be read and written once if all else stays in caches.</summary>
    public required WorkFormula Bytes { get; init; }

    /// <summary>Shared memory of a group, in bytes.</summary>
    public int SharedBytes { get; init; }

    /// <summary>Whether it is a tiled product, whose speed is that of its inner loop.</summary>
    public bool IsProduct { get; init; }

    /// <summary>The code.</summary>
    public abstract MethodInfo Method { get; }

    /// <summary>Compiles it by a back end of ILGPU, as far as ILGPU does; the rest is its driver's work.</summary>
    /// <param name="backend">That of a device, or one without a device.</param>
    /// <param name="features">Of an OpenCL device; the usual ones if null.</param>
    public CompiledKernel Compile(Backend backend, OpenClFeatures? features = null)
    {
        KernelSpecialization specialization =
            backend is PTXBackend ? Specialization : new KernelSpecialization(Tiles.GroupSize, null);
        CompiledKernel compiled = backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(Method), specialization);
        return compiled switch
        {
            CLCompiledKernel openCl =>
                OpenClSource.Complete(openCl, Tiles.GroupSize, needsRegisters: IsProduct, features ?? OpenClFeatures.Usual),
            PTXCompiledKernel ptx => PtxSource.Complete(ptx),
            _ => compiled,
        };
    }
}

/// <summary>A kernel with the type of its arguments.</summary>
/// <param name="method">The code.</param>
internal sealed class Kernel<TArguments>(Action<TArguments> method) : Kernel where TArguments : struct
{
    /// <inheritdoc/>
    public override MethodInfo Method => method.Method;

    /// <summary>Compiles it for a device.</summary>
    public Action<KernelConfig, TArguments> Load(Accelerator accelerator)
    {
        ILGPU.Runtime.Kernel loaded = accelerator is CLAccelerator openCl
            ? OpenClSource.Load(accelerator, OpenClKernels.Compile(this, openCl))
            : accelerator.LoadKernel(Compile(accelerator.GetBackend()));
        var launch = loaded.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, TArguments>>();
        AcceleratorStream stream = accelerator.DefaultStream;
        return (config, arguments) => launch(stream, config, arguments);
    }
}
