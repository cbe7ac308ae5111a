using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>Where a layer's parameter lies in the host layout: [outputs, inputs], or [outputs] for a bias.</summary>
internal readonly struct ReferenceTensor(PlannedLayer planned, ParameterRole role)
{
    private readonly int _offset = planned.Find(role)!.Offset, _inputs = planned.Inputs;

    /// <summary>The value of output j.</summary>
    public ref double In(double[] values, int j) => ref values[_offset + j];

    /// <summary>The value of output j and input i.</summary>
    public ref double In(double[] values, int j, int i) => ref values[_offset + j * _inputs + i];
}
