using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>The end of a batch: g = Σ_portion g_portion, in the order of the portions, and the step of an optimizer.</summary>
/// <param name="task">What is summed and stepped.</param>
internal readonly unsafe ref struct StepBody<TSimd, TVector>(StepTask task) : IStepTaker
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Portion after portion over a piece that stays in L1: one long run of reads at a time, where reading a vector of each
    // portion in turn would touch as many pages as there are portions.
    private const int Piece = 2048;

    private readonly StepTask _task = task;

    /// <summary>Sums without a step.</summary>
    public void Sum() => Sum(_task.First, _task.End, _task.Gradients);

    /// <summary>Sums and steps.</summary>
    public void Take<TRule>(TRule rule) where TRule : struct, IStepRule
    {
        float* sums = stackalloc float[_task.Gradients == null ? Piece : 0];
        for (nint start = _task.First; start < _task.End; start += Piece)
        {
            nint stop = nint.Min(start + Piece, _task.End);
            float* gradients = _task.Gradients == null ? sums - start : _task.Gradients;
            Sum(start, stop, gradients);
            foreach (RateRange range in _task.Ranges)
            {
                nint first = nint.Max(start, range.First);
                Step(
                    rule, _task.Rate * range.Factor, nint.Min(stop, range.End) - first, _task.Parameters + first,
                    gradients + first, _task.State + first, _task.Count);
            }
        }
    }

    /// <summary>Steps parameters that lie one behind the other.</summary>
    /// <param name="rule">How.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="count">Number of parameters.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="state">Their first value of state.</param>
    /// <param name="stateStride">Floats from there to the second one.</param>
    public static void Step<TRule>(
        TRule rule, float learningRate, nint count, float* parameters, float* gradients, float* state, nint stateStride)
        where TRule : struct, IStepRule
    {
        TVector rate = TSimd.Create(learningRate);
        float* firsts = state, seconds = state + stateStride;
        for (nint n = 0; n < count; n += TSimd.Count)
        {
            TVector first = rule.StateCount > 0 ? TSimd.Load(firsts + n) : TSimd.Zero;
            TVector second = rule.StateCount > 1 ? TSimd.Load(seconds + n) : TSimd.Zero;
            TVector stepped = rule.Step<TSimd, TVector>(
                rate, TSimd.Load(parameters + n), TSimd.Load(gradients + n), ref first, ref second);
            TSimd.Store(stepped, parameters + n);
            if (rule.StateCount > 0)
                TSimd.Store(first, firsts + n);
            if (rule.StateCount > 1)
                TSimd.Store(second, seconds + n);
        }
    }

    private void Sum(nint start, nint stop, float* gradients)
    {
        for (nint n = start; n < stop; n += TSimd.Count)
            TSimd.Store(TSimd.Load(_task.PortionGradients + n), gradients + n);
        for (int portion = 1; portion < _task.Portions; portion++)
        {
            float* portionGradient = _task.PortionGradients + portion * _task.PortionStride;
            for (nint n = start; n < stop; n += TSimd.Count)
                TSimd.Store(TSimd.Add(TSimd.Load(gradients + n), TSimd.Load(portionGradient + n)), gradients + n);
        }
    }
}
